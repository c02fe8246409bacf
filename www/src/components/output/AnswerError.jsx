import { t } from "../../i18n/index.js";
import { returnCode } from "../../model/catalogue.js";
import { hashOf } from "../../model/share.js";
import { actionNamed, catalogue } from "../../state/catalogue.js";
import { fixedTime, language, LANGUAGES, time } from "../../state/settings.js";

/** Why a call failed: in the client's words, and in the catalogue's where there is a return code. */
export function AnswerError({ call }) {
  const { error, target } = call;
  if (error.kind === "aborted") {
    return (
      <div class="notice">
        <strong>{t("kind_aborted")}</strong>
        <p>{t("abortedHint")}</p>
      </div>
    );
  }
  return (
    <div class="notice is-bad" role="alert">
      <strong>{t(`kind_${error.kind}`)}</strong>
      {error.message && <p lang="en">{(error.kind === "api" && error.response?.message) || error.message}</p>}
      {error.forbiddenOrigin && <p>{t("forbiddenHint", error.forbiddenOrigin)}</p>}
      {error.kind === "network" && target !== "emulator" && !error.forbiddenOrigin && <p>{t(`networkHint_${target}`)}</p>}
      <ReturnCode code={error.retCode} />
      {error.retCode === 1300 && fixedTime() !== undefined && (
        <p>
          {t("fixedTimeHint")}{" "}
          <button type="button" class="link" onClick={() => (time.value = "")}>
            {t("useNow")}
          </button>
        </p>
      )}
      <Violations violations={error.violations} />
      <dl class="facts">
        <Fact name={t("outcome")} value={error.outcome && t(`outcome_${error.outcome}`)} />
        <Fact name={t("safeAfter")} value={error.safeAfter?.toLocaleString(LANGUAGES[language.value])} />
        <Fact name={t("readBack")} value={error.readBack && <ReadBack {...error.readBack} />} />
      </dl>
    </div>
  );
}

function ReturnCode({ code }) {
  if (code === undefined) return null;
  const known = returnCode(catalogue.value, code, language.value);
  if (!known) return <p>{t("codeUnknown")}</p>;
  return (
    <dl class="facts">
      <Fact name="ret_code" value={`${code} · ${known.name}`} />
      <Fact name={t("whatItMeans")} value={known.cause} />
      <Fact name={t("whatToDo")} value={known.mend} />
    </dl>
  );
}

function Violations({ violations }) {
  if (!violations?.length) return null;
  return (
    <>
      <strong>{t("violations")}</strong>
      <ul>
        {violations.map(({ path, expected, got, suggestion }) => (
          <li key={path}>
            {t("violation", path, expected, got)}
            {suggestion && t("suggestion", suggestion)}
          </li>
        ))}
      </ul>
    </>
  );
}

function ReadBack({ action, params }) {
  return <a href={hashOf({ view: "explore", action: actionNamed(action), params })}>{action}</a>;
}

function Fact({ name, value }) {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

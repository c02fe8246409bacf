import { t } from "../../i18n/index.js";
import { language } from "../../state/settings.js";
import { Icon } from "../common/Icon.jsx";
import { Loading } from "../common/Loading.jsx";
import { Comparison } from "./Comparison.jsx";

/** What the doctor has to say. */
export function Finding({ finding }) {
  if (!finding) return <p class="empty">{t("doctorEmpty")}</p>;
  if (finding.isRunning) return <Loading />;
  if (finding.problem) return <p class="notice is-bad">{t(finding.problem)}</p>;
  if (finding.failure) {
    return (
      <p class="notice is-bad" lang="en">
        {finding.failure}
      </p>
    );
  }
  const { diagnosis } = finding;
  const { mistakes, right } = diagnosis;
  return (
    <>
      <h2 class={`verdict${right ? " is-good" : " is-bad"}`}>
        <Icon name={right ? "check" : "alert"} /> {right ? t("doctorRight") : mistakes.length > 0 ? t("doctorFound", mistakes.length) : t("doctorUnknown")}
      </h2>
      <ol class="mistakes">
        {mistakes.map((mistake) => (
          <li key={mistake.code} class={mistake.reproduced ? "is-reproduced" : ""}>
            <p class="mistake-text">{mistake[language.value]}</p>
            <p class="mistake-facts">
              <code>{mistake.code}</code> · {t(mistake.reproduced ? "doctorReproduced" : "doctorSeen")}
            </p>
          </li>
        ))}
      </ol>
      <Comparison diagnosis={diagnosis} />
    </>
  );
}

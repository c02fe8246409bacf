import { t } from "../../i18n/index.js";
import { queryParts, stringToSignParts, urlParts } from "../../model/parts.js";
import { actionNamed } from "../../state/catalogue.js";
import { action } from "../../state/form.js";
import { loadSigner, Signer, signerProblem } from "../../state/library.js";
import { areSecretsShown } from "../../state/output.js";
import { PUBLISHED, publishedSteps } from "../../state/published.js";
import { signatureMethod, target } from "../../state/settings.js";
import { signature, signNow } from "../../state/signing.js";
import { Loading } from "../common/Loading.jsx";
import { ColouredText } from "./ColouredText.jsx";
import { ParameterTable } from "./ParameterTable.jsx";
import { SigningSettings } from "./SigningSettings.jsx";
import { Step } from "./Step.jsx";

/** Every step of the signature, as it is typed. */
export function Signing() {
  return (
    <>
      <SigningSettings />
      {target.value === "remote" && action.value && <p class="notice">{t("remoteSigns")}</p>}
      {Signer.value ? <Steps /> : <Loading problem={signerProblem.value} onRetry={loadSigner} />}
    </>
  );
}

function Steps() {
  const { steps, problem } = signature.value;
  if (problem) {
    return (
      <div class="notice is-bad" role="alert">
        <strong>{t("cannotSign")}</strong>
        <p lang="en">{problem}</p>
      </div>
    );
  }
  if (steps) return <StepList steps={steps} action={action.value} algorithm={signatureMethod.value || "HmacSHA256"} copyBefore={signNow} />;
  if (action.value) return <p class="empty">{t("noSignature")}</p>;
  return (
    <>
      <p class="example-note">{t("exampleNote")}</p>
      <StepList steps={publishedSteps.value} action={actionNamed(PUBLISHED.action)} algorithm="HmacSHA256" />
    </>
  );
}

/** The steps one below the other. What is sent is copied after `copyBefore`, which gives it all of its time. */
function StepList({ steps, action, algorithm, copyBefore }) {
  const hasSecret = stringToSignParts(steps, action).some(({ kind }) => kind === "secret");
  const fresh = (field) => () => {
    copyBefore?.();
    return (copyBefore ? signature.value.steps : steps)[field];
  };
  return (
    <div class="steps">
      <Sent steps={steps} action={action} fresh={fresh} />
      <Step title={t("signature")} hint={t("signatureHint", algorithm)} copy={() => steps.signature}>
        <ColouredText id="signature" parts={[{ kind: "signature", text: steps.signature }]} />
      </Step>
      <Step title={t("stringToSign")} hint={t("stringToSignHint")} copy={() => steps.stringToSign}>
        <ColouredText id="string-to-sign" parts={stringToSignParts(steps, action)} />
      </Step>
      <Step title={t("canonicalParameters")} hint={t("canonicalHint")} copy={() => steps.parameters.map((pair) => pair.join("=")).join("\n")}>
        <ParameterTable parameters={steps.parameters} action={action} />
      </Step>
      {hasSecret && (
        <label class="check">
          <input type="checkbox" checked={areSecretsShown.value} onChange={({ target }) => (areSecretsShown.value = target.checked)} />
          {t("revealSecrets")}
        </label>
      )}
    </div>
  );
}

/** What goes over the wire. */
function Sent({ steps, action, fresh }) {
  if (steps.body === undefined) {
    return (
      <Step title={t("signedUrl")} copy={fresh("url")}>
        <ColouredText id="url" parts={urlParts(steps.url, action)} />
      </Step>
    );
  }
  return (
    <>
      <Step title={t("postAddress")} copy={() => steps.url}>
        <ColouredText id="url" parts={urlParts(steps.url, action)} />
      </Step>
      <Step title={t("signedBody")} copy={fresh("body")}>
        <ColouredText id="body" parts={queryParts(steps.body, action)} />
      </Step>
    </>
  );
}

import { t } from "../../i18n/index.js";
import { MISTAKES } from "../../model/mistakes.js";
import { examine, finding, hasExamples, openExample, paste, pasted, secret, sentAt } from "../../state/doctor.js";
import { Signer } from "../../state/library.js";
import { SecretInput } from "../common/SecretInput.jsx";
import { Finding } from "./Finding.jsx";

/** Paste what failed; it says why. */
export function Doctor() {
  const submit = (event) => {
    event.preventDefault();
    examine();
  };
  return (
    <main id="content" class="page doctor" tabIndex={-1}>
      <header class="page-header">
        <h1>{t("doctorTitle")}</h1>
        <p>{t("doctorText")}</p>
      </header>
      <div class="doctor-columns">
        <form class="doctor-form" onSubmit={submit} aria-label={t("doctor")}>
          <Entry id="pasted" label={t("doctorPaste")} hint={t("doctorPasteHint")}>
            <textarea id="pasted" class="code-input" rows={8} value={pasted.value} aria-describedby="pasted-hint" autocomplete="off" autocapitalize="off" spellcheck={false} onInput={({ target }) => paste(target.value)} />
          </Entry>
          <div class="doctor-row">
            <Entry id="doctor-secret" label={t("doctorSecret")} hint={t("doctorSecretHint")}>
              <SecretInput id="doctor-secret" name={t("doctorSecret")} value={secret.value} aria-describedby="doctor-secret-hint" onInput={({ target }) => (secret.value = target.value)} />
            </Entry>
            <Entry id="sent-at" label={t("doctorNow")} hint={t("doctorNowHint")}>
              <input id="sent-at" type="text" value={sentAt.value} placeholder="2013-08-27T14:30:10Z" aria-describedby="sent-at-hint" autocomplete="off" spellcheck={false} onInput={({ target }) => (sentAt.value = target.value)} />
            </Entry>
          </div>
          <button type="submit" class="primary" disabled={finding.value?.isRunning}>
            {t("diagnose")}
          </button>
          {hasExamples && <Examples />}
        </form>
        <section class="finding" aria-label={t("doctor")} aria-live="polite">
          <Finding finding={finding.value} />
        </section>
      </div>
    </main>
  );
}

function Entry({ id, label, hint, children }) {
  return (
    <div class="entry">
      <label for={id}>{label}</label>
      {children}
      <p class="field-note" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

function Examples() {
  return (
    <fieldset class="examples" disabled={!Signer.value}>
      <legend>{t("doctorExamples")}</legend>
      <p class="field-note">{t("doctorExamplesHint")}</p>
      <div class="example-row">
        {MISTAKES.map((id) => (
          <button key={id} type="button" class="chip" onClick={() => openExample(id)}>
            {t(`example_${id}`)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

import { t } from "../../i18n/index.js";
import { highlighted } from "../../model/highlight.js";
import { curl, environmentName, PROGRAMS } from "../../model/snippets/index.js";
import { hiddenIn } from "../../model/secrets.js";
import { queryParts, urlParts } from "../../model/parts.js";
import { action } from "../../state/form.js";
import { codeLanguage } from "../../state/output.js";
import { fixedTime, time, validSeconds } from "../../state/settings.js";
import { signature, signNow, snippetRequest } from "../../state/signing.js";
import { Choice } from "../common/Choice.jsx";
import { CopyButton } from "../common/CopyButton.jsx";
import { ColouredText } from "./ColouredText.jsx";

const LANGUAGES = ["javascript", "typescript", "curl", "python"];
const DEFAULT_SECONDS = 60;

/** The call as a program. */
export function Code() {
  const request = snippetRequest.value;
  const language = codeLanguage.value;
  if (!request) return <p class="empty">{t("noCode")}</p>;
  const isCurl = language === "curl";
  const text = isCurl ? undefined : PROGRAMS[language](request);
  const fresh = () => {
    signNow();
    return curl(signature.value.steps);
  };
  const secrets = isCurl ? [] : hiddenIn(request.params).map(environmentName);
  return (
    <div class="code">
      <div class="code-bar">
        <Choice label={t("codeLanguage")} value={language} onChange={(name) => (codeLanguage.value = name)} choices={LANGUAGES.map((name) => ({ value: name, name: t(`lang_${name}`) }))} />
        <span class="spacer" />
        {(!isCurl || signature.value.steps) && <CopyButton text={isCurl ? fresh : () => text} thing={t(`lang_${language}`)} />}
      </div>
      <p class="field-note">
        {isCurl && fixedTime() !== undefined ? t("codeHint_curlFixed", time.value) : t(`codeHint_${language}`, validSeconds() ?? DEFAULT_SECONDS)} {secrets.length > 0 && t("secretsFromEnvironment", secrets.join(", "))}
      </p>
      {isCurl ? <CurlLine /> : <Program text={text} language={language} />}
    </div>
  );
}

function Program({ text, language }) {
  return (
    <pre class="program" id="program">
      <code>
        {highlighted(text, language).map(({ kind, text }, at) => (kind ? <span key={at} class={`code-${kind}`}>{text}</span> : text))}
      </code>
    </pre>
  );
}

/** The signed request, coloured like the signature's own view. */
function CurlLine() {
  const { steps, problem } = signature.value;
  if (!steps) return <p class="notice is-bad" lang={problem && "en"}>{problem ?? t("noSignature")}</p>;
  const plain = (text) => ({ kind: "plain", text });
  const known = action.value;
  const parts = [plain("curl '"), ...urlParts(steps.url, known), plain("'")];
  if (steps.body !== undefined) parts.push(plain(" \\\n  --data-raw '"), ...queryParts(steps.body, known), plain("'"));
  return <ColouredText id="program" parts={parts} />;
}

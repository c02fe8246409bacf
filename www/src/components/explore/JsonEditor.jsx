import { t } from "../../i18n/index.js";
import { form, params, setText } from "../../state/form.js";

/** All parameters as one JSON text. */
export function JsonEditor() {
  const { problem, detail } = params.value;
  const { text } = form.value;
  return (
    <div class="fields">
      <label class="field-name" for="json">
        {t("jsonLabel")}
      </label>
      <textarea id="json" class="code-input json-editor" rows={Math.max(12, text.split("\n").length + 1)} value={text} aria-describedby="json-problem" aria-invalid={problem !== undefined} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={({ target }) => setText(target.value)} />
      <p id="json-problem" class="field-problem" role="status">
        {problem && (detail ? t("labelled", t(problem), detail) : t(problem))}
      </p>
    </div>
  );
}

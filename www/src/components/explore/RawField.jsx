import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { Raw } from "../../model/fields.js";
import { anyOf, textOfAny } from "../../model/form.js";
import { isSecret } from "../../model/secrets.js";
import { SecretInput } from "../common/SecretInput.jsx";

/** Any value: a list or an object as JSON, otherwise text. */
export function RawField({ id, field, value, label, described, onChange, onReset }) {
  // What is being typed is on the way to JSON; the value follows it.
  const [text, setText] = useState(textOfAny(value));
  const shown = JSON.stringify(anyOf(text)) === JSON.stringify(value) ? text : textOfAny(value);
  const type = ({ target }) => {
    setText(target.value);
    onChange(new Raw(anyOf(target.value)));
  };
  const reset = () => {
    onReset();
    setTimeout(() => document.getElementById(id)?.focus());
  };
  const props = { id, value: shown, "aria-label": label, "aria-describedby": described, onInput: type };
  return (
    <>
      {field.secret || isSecret(undefined, field.name) ? <SecretInput {...props} name={label ?? field.name} /> : <input {...props} type="text" class="code-input" autocomplete="off" autocapitalize="off" spellcheck={false} />}
      {onReset && (
        <p class="field-note">
          {t("asGiven")}{" "}
          <button type="button" class="link" onClick={reset}>
            {t("backToField")}
          </button>
        </p>
      )}
    </>
  );
}

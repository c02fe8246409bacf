import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { Icon } from "./Icon.jsx";

/** A text field that shows dots until it is told otherwise. No browser is to remember what stands in it. */
export function SecretInput({ id, name, value, onInput, ...rest }) {
  const [isShown, setShown] = useState(false);
  return (
    <span class="with-button">
      <input {...rest} id={id} type={isShown ? "text" : "password"} value={value} onInput={onInput} autocomplete="new-password" spellcheck={false} autocapitalize="off" data-1p-ignore data-lpignore="true" />
      <button type="button" class="quiet" aria-pressed={isShown} aria-label={t("showThing", name)} title={t(isShown ? "hide" : "show")} onClick={() => setShown(!isShown)}>
        <Icon name={isShown ? "hide" : "show"} />
      </button>
    </span>
  );
}

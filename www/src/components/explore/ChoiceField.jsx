import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.js";

const OTHER = "\u0000other";

/** The documented values to choose from; unless `isClosed`, any other can be typed, since documentation lags behind. */
export function ChoiceField({ id, field, draft, choices, isClosed, label, described, onChange }) {
  const [isTyping, setTyping] = useState(false);
  const input = useRef();
  // Once: the form is drawn anew at every key, in whatever field that was pressed.
  useEffect(() => {
    if (isTyping) input.current?.focus();
  }, [isTyping]);
  const isOther = isTyping || (draft !== "" && !choices.includes(draft));
  const goBack = () => {
    setTyping(false);
    onChange("");
    setTimeout(() => document.getElementById(id)?.focus());
  };
  if (isOther) {
    return (
      <span class="with-button">
        <input id={id} type="text" value={draft} aria-label={label} aria-describedby={described} autocomplete="off" spellcheck={false} ref={input} onInput={(event) => onChange(event.target.value)} />
        <button type="button" class="quiet" onClick={goBack}>
          {t("backToList")}
        </button>
      </span>
    );
  }
  const choose = ({ target }) => (target.value === OTHER ? setTyping(true) : onChange(target.value));
  return (
    <select id={id} value={draft} aria-label={label} aria-describedby={described} onChange={choose}>
      <option value="">{field.preset === undefined ? t("notSent") : t("notSentDefault", String(field.preset))}</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
      {!isClosed && <option value={OTHER}>{t("otherValue")}</option>}
    </select>
  );
}

import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { Raw } from "../../model/fields.js";

/** A list whose values are documented: tick them. Values beyond those are typed, parted by commas. */
export function CheckList({ id, field, draft, described, onChange }) {
  const choices = field.choices.map(String);
  const beyond = draft.filter((value) => value instanceof Raw || !choices.includes(value));
  const [typed, setTyped] = useState(beyond.filter((value) => !(value instanceof Raw)).join(", "));
  const toggle = (choice, isOn) => onChange(isOn ? [...draft, choice] : draft.filter((value) => value !== choice));
  const type = (text) => {
    setTyped(text);
    const values = text.split(/[,，]/).map((value) => value.trim()).filter(Boolean);
    onChange([...draft.filter((value) => choices.includes(value) || value instanceof Raw), ...values.filter((value) => !choices.includes(value))]);
  };
  return (
    <div class="check-list" aria-describedby={described}>
      {choices.map((choice) => (
        <label key={choice} class="check-item">
          <input type="checkbox" class="visually-hidden" checked={draft.includes(choice)} onChange={({ target }) => toggle(choice, target.checked)} />
          <span>{choice}</span>
        </label>
      ))}
      <input id={id} class="check-other" type="text" value={typed} placeholder={t("otherValue")} aria-label={t("anotherValue", field.name)} autocomplete="off" spellcheck={false} onInput={({ target }) => type(target.value)} />
    </div>
  );
}

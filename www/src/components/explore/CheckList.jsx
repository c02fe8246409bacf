import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { Raw } from "../../model/fields.js";

/** A list whose values are documented: tick them. Values beyond those are typed, parted by commas. */
export function CheckList({ id, field, draft, described, onChange }) {
  const choices = field.choices.map(String);
  const beyond = draft.filter((value) => value instanceof Raw || !choices.includes(value));
  const others = beyond.filter((value) => !(value instanceof Raw)).join(", ");
  // What is being typed may end in a comma; what came from elsewhere takes its place.
  const [typed, setTyped] = useState(others);
  const shown = valuesIn(typed).filter((value) => !choices.includes(value)).join(", ") === others ? typed : others;
  const toggle = (choice, isOn) => onChange(isOn ? [...draft, choice] : draft.filter((value) => value !== choice));
  const type = (text) => {
    setTyped(text);
    onChange([...draft.filter((value) => choices.includes(value) || value instanceof Raw), ...valuesIn(text).filter((value) => !choices.includes(value))]);
  };
  return (
    <div class="check-list" aria-describedby={described}>
      {choices.map((choice) => (
        <label key={choice} class="check-item">
          <input type="checkbox" class="visually-hidden" checked={draft.includes(choice)} onChange={({ target }) => toggle(choice, target.checked)} />
          <span>{choice}</span>
        </label>
      ))}
      <input id={id} class="check-other" type="text" value={shown} placeholder={t("otherValue")} aria-label={t("anotherValue", field.name)} autocomplete="off" spellcheck={false} onInput={({ target }) => type(target.value)} />
    </div>
  );
}

function valuesIn(text) {
  return text.split(/[,，]/).map((value) => value.trim()).filter(Boolean);
}

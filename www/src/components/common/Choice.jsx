import { useId } from "preact/hooks";

/** A few choices side by side: radio buttons underneath, so arrows move between them. */
export function Choice({ label, choices, value, onChange, isLabelShown = false }) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={isLabelShown ? "" : "visually-hidden"}>{label}</legend>
      <div class="choice-row">
        {choices.map((choice) => (
          <label key={choice.value} class="choice-item" title={choice.title}>
            <input type="radio" class="visually-hidden" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
            <span lang={choice.lang}>{choice.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

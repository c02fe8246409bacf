import { t } from "../../i18n/index.js";
import { SecretInput } from "../common/SecretInput.jsx";

/** One line of text; dots for a secret, "now" for a time. */
export function TextField({ id, field, draft, label, described, onChange, ...rest }) {
  const common = { ...rest.input, id, value: draft, "aria-describedby": described, "aria-label": label, onInput: (event) => onChange(event.target.value) };
  if (field.secret) return <SecretInput {...common} name={label ?? field.name} />;
  const isNumber = field.type === "integer" || field.type === "number";
  const input = <input {...common} type="text" inputMode={isNumber ? "decimal" : undefined} placeholder={field.type === "timestamp" ? "2013-08-27T14:30:10Z" : undefined} autocomplete="off" autocapitalize="off" spellcheck={false} />;
  if (field.type !== "timestamp") return input;
  return (
    <span class="with-button">
      {input}
      <button type="button" class="quiet" onClick={() => onChange(`${new Date().toISOString().slice(0, 19)}Z`)}>
        {t("now")}
      </button>
    </span>
  );
}

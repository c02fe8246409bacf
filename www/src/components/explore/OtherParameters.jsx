import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { Raw } from "../../model/fields.js";
import { action, removeField, setField } from "../../state/form.js";
import { Icon } from "../common/Icon.jsx";
import { RawField } from "./RawField.jsx";

/** Parameters that the catalogue does not know of: the API grows faster. */
export function OtherParameters({ names, draft }) {
  const [name, setName] = useState("");
  const field = useRef();
  const wanted = name.trim();
  const isTaken = Object.hasOwn(draft, wanted) || action.value.parameters.some((field) => field.name === wanted);
  const add = () => {
    if (wanted === "" || isTaken) return;
    setField(wanted, new Raw(""));
    setName("");
    setTimeout(() => document.getElementById(`other-${wanted}`)?.focus());
  };
  const remove = (other) => {
    removeField(other);
    field.current.focus();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    add();
  };
  return (
    <section class="field-group">
      <h2>{t("otherParameters")}</h2>
      <p class="field-note">{t("otherHint")}</p>
      {names.map((other) => (
        <div class="field" key={other}>
          <label class="field-name" for={`other-${other}`}>
            {other}
          </label>
          <span class="with-button">
            <RawField id={`other-${other}`} field={{ name: other }} value={draft[other].value} onChange={(value) => setField(other, value)} />
            <button type="button" class="quiet" aria-label={t("remove", other)} title={t("remove", other)} onClick={() => remove(other)}>
              <Icon name="close" />
            </button>
          </span>
        </div>
      ))}
      <span class="with-button add-other">
        <input ref={field} type="text" value={name} placeholder={t("otherName")} aria-label={t("otherName")} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={({ target }) => setName(target.value)} onKeyDown={onKeyDown} />
        <button type="button" class="quiet" disabled={wanted === "" || isTaken} onClick={add}>
          <Icon name="plus" /> {t("addOther")}
        </button>
      </span>
    </section>
  );
}

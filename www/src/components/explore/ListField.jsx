import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { blank, controlOf, itemOf, Raw } from "../../model/fields.js";
import { announce } from "../../state/announcement.js";
import { Icon } from "../common/Icon.jsx";
import { CheckList } from "./CheckList.jsx";
import { ItemControl } from "./ItemControl.jsx";
import { ObjectField } from "./ObjectField.jsx";

/** A list: one row an item, or a card where the items are objects. Enter opens the next row, Backspace closes an empty one. */
export function ListField({ id, field, draft, path, described, onChange }) {
  const rows = useRef();
  const item = itemOf(field);
  if (field.choices) return <CheckList {...{ id, field, draft, described, onChange }} />;
  const items = draft.length === 0 && controlOf(item) !== "object" ? [blank(item)] : draft;

  const focusAt = (at) => setTimeout(() => rows.current?.children[Math.max(at, 0)]?.querySelector("input, select, textarea")?.focus());
  const setItem = (at, value) => onChange(items.with(at, value));
  const insertAt = (at) => {
    onChange(items.toSpliced(at, 0, blank(item)));
    focusAt(at);
  };
  const removeAt = (at) => {
    onChange(items.toSpliced(at, 1));
    announce(t("removed", t("item", field.name, at + 1)));
    focusAt(Math.min(at, items.length - 2));
  };
  const keys = (event, at) => {
    // An input method's Enter takes its word.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.tagName === "INPUT") {
      event.preventDefault();
      insertAt(at + 1);
    } else if (event.key === "Backspace" && items[at] === "" && items.length > 1) {
      event.preventDefault();
      removeAt(at);
    }
  };
  // Ids are often copied from a table: each line becomes an item.
  const paste = (event, at) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    if (lines.length < 2 || items[at] instanceof Raw) return;
    event.preventDefault();
    onChange(items.toSpliced(at, items[at] === "" ? 1 : 0, ...lines));
  };

  const isObjects = controlOf(item) === "object";
  return (
    <div class={isObjects ? "list is-cards" : "list"}>
      <div class="rows" ref={rows}>
        {items.map((value, at) => {
          const label = t("item", field.name, at + 1);
          const part = { id: at === 0 ? id : `${id}.${at + 1}`, field: item, draft: value, path: `${path}.${at + 1}`, onChange: (next) => setItem(at, next), label, described };
          const removal = (
            <button type="button" class="quiet" aria-label={t("remove", label)} title={t("remove", label)} disabled={!isObjects && items.length === 1 && value === ""} onClick={() => removeAt(at)}>
              <Icon name="close" />
            </button>
          );
          return isObjects ? (
            <fieldset class="card" key={at}>
              <legend>
                {label} {removal}
              </legend>
              <ObjectField {...part} />
            </fieldset>
          ) : (
            <span class="with-button" key={at} onKeyDown={(event) => keys(event, at)} onPaste={(event) => paste(event, at)}>
              <ItemControl {...part} />
              {removal}
            </span>
          );
        })}
      </div>
      <button type="button" class="quiet add" aria-label={t("addItem", field.name)} onClick={() => insertAt(items.length)}>
        <Icon name="plus" /> {t("add")}
      </button>
    </div>
  );
}

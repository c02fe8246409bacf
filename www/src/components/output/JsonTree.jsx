import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { CopyButton } from "../common/CopyButton.jsx";

// Beyond this many entries the rest waits for a press.
const PAGE = 100;
// Lists and objects open by themselves down to here.
const OPEN_DEPTH = 3;

/** JSON that opens and closes. What is closed is not in the page, so a large answer costs little. */
export function JsonTree({ title, value }) {
  // A new "all open" or "all closed" makes new branches.
  const [all, setAll] = useState({ depth: OPEN_DEPTH, turn: 0 });
  return (
    <section class="step json-tree">
      <header class="step-header">
        <h3>{title}</h3>
        <span class="spacer" />
        <button type="button" class="quiet" onClick={() => setAll({ depth: Infinity, turn: all.turn + 1 })}>
          {t("expandAll")}
        </button>
        <button type="button" class="quiet" onClick={() => setAll({ depth: 1, turn: all.turn + 1 })}>
          {t("collapseAll")}
        </button>
        <CopyButton text={() => JSON.stringify(value, null, 2)} thing={title} />
      </header>
      <div class="tree">
        <Node key={all.turn} value={value} depth={0} openDepth={all.depth} />
      </div>
    </section>
  );
}

function Node({ name, value, depth, openDepth }) {
  if (typeof value !== "object" || value === null) {
    return (
      <div class="leaf">
        <Key name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  if (size === 0) {
    return (
      <div class="leaf">
        <Key name={name} />
        <span class="json-mark">{Array.isArray(value) ? "[]" : "{}"}</span>
      </div>
    );
  }
  return <Branch {...{ name, value, size, depth, openDepth }} />;
}

function Branch({ name, value, size, depth, openDepth }) {
  const [isOpen, setOpen] = useState(depth < openDepth);
  const [shown, setShown] = useState(PAGE);
  const entries = Object.entries(value);
  return (
    <details class="branch" open={isOpen} onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}>
      <summary>
        <Key name={name} />
        <span class="json-mark">
          {Array.isArray(value) ? "[ ]" : "{ }"} {t("entries", size)}
        </span>
      </summary>
      {isOpen && entries.slice(0, shown).map(([key, inner]) => <Node key={key} name={key} value={inner} depth={depth + 1} openDepth={openDepth} />)}
      {isOpen && size > shown && (
        <button type="button" class="link" onClick={() => setShown(shown + PAGE)}>
          {t("moreEntries", Math.min(PAGE, size - shown))}
        </button>
      )}
    </details>
  );
}

function Key({ name }) {
  return name === undefined ? null : <span class="json-key">{name}</span>;
}

function Scalar({ value }) {
  return <span class={`json-${value === null ? "null" : typeof value}`}>{JSON.stringify(value)}</span>;
}

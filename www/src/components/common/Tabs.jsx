import { useId, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Tabs by the ARIA pattern: one stop for the Tab key, arrows between them.
 * @param {{ label: string, tabs: { id: string, name: string, note?: any }[], current: string, onChange: (id: string) => void, children: any }} props
 */
export function Tabs({ label, tabs, current, onChange, children }) {
  const id = useId();
  const list = useRef();
  const panel = useRef();
  const focused = useRef();
  useLayoutEffect(() => {
    // What had the focus may have gone with its panel: a row of the history, the button that sent.
    if (document.activeElement === document.body && focused.current?.isConnected === false) panel.current.focus({ preventScroll: true });
    reveal(list.current);
  });
  const move = (event) => {
    const at = tabs.findIndex((tab) => tab.id === current);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = (next + tabs.length) % tabs.length;
    onChange(tabs[index].id);
    list.current.children[index].focus();
  };
  return (
    <div class="tabs" onFocusIn={({ target }) => (focused.current = target)}>
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab.id === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === current ? 0 : -1}
            onClick={() => onChange(tab.id)}
          >
            {tab.name}
            {tab.note}
          </button>
        ))}
      </div>
      <div class={`tab-panel is-${current}`} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} tabIndex={0} ref={panel}>
        {children}
      </div>
    </div>
  );
}

/** Brings the current tab into the row where that is too narrow for all; the page itself stays where it is. */
function reveal(list) {
  const [row, tab] = [list, list.querySelector('[aria-selected="true"]')].map((element) => element.getBoundingClientRect());
  list.scrollLeft += Math.max(tab.right - row.right, 0) + Math.min(tab.left - row.left, 0);
}

import { useId, useRef } from "preact/hooks";

/**
 * Tabs by the ARIA pattern: one stop for the Tab key, arrows between them.
 * @param {{ label: string, tabs: { id: string, name: string, note?: any }[], current: string, onChange: (id: string) => void, children: any }} props
 */
export function Tabs({ label, tabs, current, onChange, children }) {
  const id = useId();
  const list = useRef();
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
    <div class="tabs">
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
      <div class={`tab-panel is-${current}`} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}

/** JSON over some lines. What is no JSON is sent as it stands, so a caller can always write the wire's own text. */
export function JsonField({ id, draft, label, described, onChange }) {
  return <textarea id={id} class="code-input" rows={Math.min(12, Math.max(2, draft.split("\n").length))} value={draft} aria-label={label} aria-describedby={described} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={(event) => onChange(event.target.value)} />;
}

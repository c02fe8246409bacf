import { CopyButton } from "../common/CopyButton.jsx";

/** One step of the signature, with its title and a way to copy it. */
export function Step({ title, hint, copy, children }) {
  return (
    <section class="step">
      <header class="step-header">
        <h2>{title}</h2>
        {hint && <p class="step-hint">{hint}</p>}
        <CopyButton text={copy} thing={title} />
      </header>
      {children}
    </section>
  );
}

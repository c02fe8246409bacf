import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { announce } from "../../state/announcement.js";
import { copyText } from "./copy.js";
import { Icon } from "./Icon.jsx";

const SHOWN_MS = 1500;

/** Copies what `text()` gives when it is pressed; `thing` says what that is. */
export function CopyButton({ text, thing, label, icon = "copy", done = t("copied") }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    const isCopied = await copyText(text());
    announce(isCopied ? done : t("copyFailed"));
    setDone(isCopied);
    if (isCopied) setTimeout(() => setDone(false), SHOWN_MS);
  };
  return (
    <button type="button" class={`quiet copy${isDone ? " is-done" : ""}`} onClick={copy} title={thing && t("copyThing", thing)} aria-label={label ? undefined : t("copyThing", thing)}>
      <Icon name={isDone ? "check" : icon} />
      <span class="copy-label">{isDone ? t("copied") : (label ?? t("copy"))}</span>
    </button>
  );
}

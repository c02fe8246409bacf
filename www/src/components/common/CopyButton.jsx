import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { announce } from "../../state/announcement.js";
import { copyText } from "./copy.js";
import { Icon } from "./Icon.jsx";

const SHOWN_MS = 1500;
/** Bad news is longer, and nobody expects it. */
const READ_MS = 4000;

/** Copies what `text()` gives when it is pressed; `thing` says what that is. */
export function CopyButton({ text, thing, label, icon = "copy", done = t("copied") }) {
  // undefined, "copied" or "copyFailed"
  const [end, setEnd] = useState();
  const isDone = end === "copied";
  const copy = async () => {
    const isCopied = await copyText(text());
    announce(isCopied ? done : t("copyFailed"));
    setEnd(isCopied ? "copied" : "copyFailed");
    setTimeout(() => setEnd(undefined), isCopied ? SHOWN_MS : READ_MS);
  };
  return (
    <button type="button" class={`quiet copy${isDone ? " is-done" : ""}`} onClick={copy} title={thing && t("copyThing", thing)} aria-label={label ? undefined : t("copyThing", thing)}>
      <Icon name={isDone ? "check" : end ? "alert" : icon} />
      <span class="copy-label">{end ? t(end) : (label ?? t("copy"))}</span>
    </button>
  );
}

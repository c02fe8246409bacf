import { useEffect } from "preact/hooks";
import { send } from "../state/calls.js";
import { isNarrow } from "../state/width.js";
import { view } from "../state/view.js";

/** Keys that work anywhere: "/" goes to the search, Ctrl+Enter (or Cmd+Enter) sends. */
export function useShortcuts() {
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function onKey(event) {
  if (view.value !== "explore" || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    send();
  } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
    event.preventDefault();
    if (isNarrow.value) document.getElementById("open-actions").click();
    document.getElementById("search").focus();
  }
}

function isTyping({ tagName, isContentEditable }) {
  return isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(tagName);
}

// What is said to those who do not see the page change.

import { signal } from "@preact/signals";

export const announcement = signal("");

/** Has a screen reader say `text`, also when it said the same before. */
export function announce(text) {
  announcement.value = "";
  setTimeout(() => (announcement.value = text), 50);
}

// How much room there is on the screen. Paper is no screen: printing changes nothing of what is on show.

import { signal } from "@preact/signals";

/** Whether the list of actions has to open over the page. */
export const isNarrow = following("screen and (max-width: 59.99rem)");

/** Whether form and output share a column. */
export const isOneColumn = following("screen and (max-width: 81.99rem)");

function following(query) {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener("change", () => (matches.value = media.matches));
  return matches;
}

import { useLayoutEffect, useRef } from "preact/hooks";

/** Another view or action begins at its top, and has the focus where what was pressed to come here is gone. */
export function useArrival(place) {
  const last = useRef(place);
  useLayoutEffect(() => {
    if (last.current === place) return;
    last.current = place;
    for (const scrolled of [document.documentElement, document.querySelector(".middle")]) scrolled?.scrollTo({ top: 0, behavior: "instant" });
    if (document.activeElement === document.body) document.getElementById("content")?.focus({ preventScroll: true });
  });
}

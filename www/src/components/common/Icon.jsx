// Line icons, drawn in the colour of the text beside them. They say nothing to a screen reader: a label does.

const PATHS = {
  search: "M10.5 10.5 14 14M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Z",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  check: "m3 8.5 3.2 3.2L13 5",
  chevron: "m6 3.5 4.5 4.5L6 12.5",
  close: "m4 4 8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  show: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  hide: "M6.6 3.7A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a11 11 0 0 1-2 2.5M9.6 9.3A2 2 0 0 1 6.7 6.6M4.4 4.8A11 11 0 0 0 1.5 8S4 12.5 8 12.5c1.2 0 2.3-.4 3.2-1M2.5 2.5l11 11",
  light: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1",
  dark: "M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2Z",
  system: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5h4.5M8 8h6M8 11h4.5",
  send: "M2.5 8 13.5 2.8 10 13.5 7.8 8.6 2.5 8Z",
  link: "M6.8 9.2a2.5 2.5 0 0 0 3.5 0l2.4-2.4a2.5 2.5 0 0 0-3.5-3.5l-1 1M9.2 6.8a2.5 2.5 0 0 0-3.5 0L3.3 9.2a2.5 2.5 0 0 0 3.5 3.5l1-1",
  list: "M2.5 4h11M2.5 8h11M2.5 12h7",
  alert: "M8 2.2 14.5 13.5h-13L8 2.2ZM8 6.5V9.5M8 11.4v.1",
  stop: "M4.5 4.5h7v7h-7z",
  reset: "M3 3v3.5h3.5M3.3 6.5A5 5 0 1 1 3 9",
  play: "M5 3.5 12 8l-7 4.5v-9Z",
};

export function Icon({ name }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

// Reads a time as people write it. The API knows only UTC, so a time that names no zone is in UTC too.

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?(Z|[+-]\d\d:\d\d)?$/i;

/** The milliseconds that `text` says; undefined for what is no time. */
export function readTime(text) {
  const [found, day, clock = "00:00", zone = "Z"] = TIME.exec(text.trim()) ?? [];
  const milliseconds = found ? Date.parse(`${day}T${clock}${zone.toUpperCase()}`) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

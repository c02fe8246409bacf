// What was probably meant by a name that does not exist.

/** The one of `names` that differs from `name` in the fewest letters, if in few enough. */
export function nearest(name, names) {
  const limit = Math.max(1, Math.floor(name.length / 4));
  const ranked = names.map((known) => [distance(name.toLowerCase(), known.toLowerCase()), known]).filter(([far]) => far <= limit);
  return ranked.sort(([a], [b]) => a - b)[0]?.[1];
}

/** `; did you mean X?`, or nothing. */
export function suggestion(name, names) {
  const meant = nearest(name, names);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** Letters to insert, remove, replace, or swap with their neighbour. */
function distance(a, b) {
  let older = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], older[j - 2] + 1);
    }
    [older, row] = [row, next];
  }
  return row[b.length];
}

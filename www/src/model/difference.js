/**
 * Where two texts part and where they meet again.
 * @returns {[string, string, string][]} for each of the two: what is the same before, what differs, what is the same behind
 */
export function parting(a, b) {
  // By characters, so that none is cut in half.
  const [one, other] = [[...a], [...b]];
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [one, other].map((text) => [text.slice(0, start), text.slice(start, text.length - end), text.slice(text.length - end)].map((part) => part.join("")));
}

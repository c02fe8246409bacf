/**
 * Splits a text where it parts from another; `at` counts bytes of UTF-8, as the doctor does.
 * Without `at` all of it is the same.
 * @returns {[string, string]}
 */
export function splitAt(text, at) {
  if (at === undefined) return [text, ""];
  const bytes = new TextEncoder().encode(text);
  // Not within a character: its later bytes begin with the bits 10.
  let end = Math.min(at, bytes.length);
  while (end > 0 && (bytes[end] & 0xc0) === 0x80) end -= 1;
  const decoder = new TextDecoder();
  return [decoder.decode(bytes.subarray(0, end)), decoder.decode(bytes.subarray(end))];
}

/**
 * Reads WebAssembly bytes from the text that `cargo xtask build` makes of them.
 *
 * Printable ASCII without `<`, the backslash and the quotes: 90 characters. The first 88 stand for the bytes that
 * `alphabet` marks, in ascending order; the last two are escapes, and the character after one stands for one of the other 168.
 *
 * @param {string} text
 * @param {string} alphabet 64 hexadecimal digits, bit `b & 3` of digit `b >> 2` for byte `b`
 * @returns {Uint8Array}
 */
export function decode(text, alphabet) {
  const marked = [];
  const others = [];
  for (let byte = 0; byte < 256; byte++) {
    ((parseInt(alphabet[byte >> 2], 16) >> (byte & 3)) & 1 ? marked : others).push(byte);
  }
  const rankOf = new Uint8Array(128);
  for (let code = 32, rank = 0; code < 127; code++) {
    if (!/[<\\"'`]/.test(String.fromCharCode(code))) rankOf[code] = rank++;
  }
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const rank = rankOf[text.charCodeAt(at)];
    bytes[length++] = rank < 88 ? marked[rank] : others[(rank - 88) * 84 + rankOf[text.charCodeAt(++at)]];
  }
  return bytes.subarray(0, length);
}

/**
 * Reads WebAssembly bytes from the text that `cargo xtask build` makes of them.
 *
 * The code is printable ASCII without `<`, the backslash and the quotes: 90 characters. The first 88 stand for the
 * bytes that `alphabet` marks, in ascending order. The last two, `}` and `~`, are escapes: each with the character
 * behind it stands for one of the other bytes, 84 and 84, again in ascending order.
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
  // Three tables of 128: characters by themselves, behind the first escape, behind the second.
  const tables = new Uint8Array(384);
  for (let code = 32, rank = 0; code < 125; code++) {
    if (/[<\\"'`]/.test(String.fromCharCode(code))) continue;
    tables[code] = marked[rank];
    tables[code + 128] = others[rank];
    tables[code + 256] = others[rank + 84];
    rank++;
  }
  // In place, because a byte never needs less than one character.
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at];
    bytes[length++] = code < 125 ? tables[code] : tables[(code - 124) * 128 + bytes[++at]];
  }
  return bytes.subarray(0, length);
}

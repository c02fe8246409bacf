// What a terminal shows: colours where they are wanted, columns that line up, nothing that moves its cursor.

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39] };

/** `{ bold, dim, … }`: functions that colour a text for `stream`, or leave it as it is. */
export function styleFor(stream, env) {
  // Node's own rules: NO_COLOR, NODE_DISABLE_COLORS, FORCE_COLOR, TERM=dumb.
  const isColoured = stream.isTTY === true && stream.getColorDepth(env) > 1;
  const paint = ([on, off]) => (isColoured ? (text) => `\x1b[${on}m${text}\x1b[${off}m` : (text) => `${text}`);
  return Object.fromEntries(Object.entries(STYLES).map(([name, codes]) => [name, paint(codes)]));
}

/** Columns of the terminal; what goes into a file or a pipe has no end. */
export const widthOf = (stream) => (stream.isTTY && stream.columns > 0 ? stream.columns : Infinity);

// A service's answer must not move the cursor, colour the screen or turn the direction of writing.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** `text` in one line. */
export function printable(text) {
  return String(text).replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0);
    return code === 0x0a ? " " : `\\u{${code.toString(16)}}`;
  });
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const WITHOUT_WIDTH = /\p{Mn}/u;

/** Columns that `text` takes: Chinese characters take two. */
export function columnsOf(text) {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : WITHOUT_WIDTH.test(character) ? 0 : 1;
  return columns;
}

/** `text` cut or filled to so many columns. */
export function fit(text, columns) {
  const free = columns - columnsOf(text);
  return free >= 0 ? text + " ".repeat(free) : `${cut(text, columns - 1)}…`.padEnd(columns);
}

function cut(text, columns) {
  let kept = "";
  let left = columns;
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

// A blank, a word, or one Chinese character; what closes a phrase stays with what is before it.
const PIECE = /\s+|[^\s\u2e80-\u9fff\uff00-\uff60]+[，。；：、）」]*|.[，。；：、）」]*/gsu;

/** `text` in lines of at most so many columns; words stay whole where they can, Chinese text may break anywhere. */
export function wrap(text, columns) {
  // Less would have no room for a Chinese character.
  const limit = Math.max(2, columns);
  const lines = [];
  let line = "";
  for (let piece of text.match(PIECE) ?? []) {
    if (line !== "" && piece.trim() !== "" && columnsOf(line) + columnsOf(piece) > limit) {
      lines.push(line.trimEnd());
      line = "";
    }
    while (columnsOf(piece.trimEnd()) > limit) {
      const part = cut(piece, limit);
      lines.push(part);
      piece = piece.slice(part.length);
    }
    if (line !== "" || piece.trim() !== "") line += piece;
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}

// Values as JSON or as a table.

import { columnsOf, fit, printable, styleFor, widthOf, wrap } from "./terminal.js";

const GAP = "  ";
/** Less than this is no place for sentences. */
const MIN_WRAPPED = 24;

export function printJson({ stdout, env }, value) {
  // Escapes below space are JSON's own; these would still reach a terminal.
  const text = JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  const style = styleFor(stdout, env);
  const coloured = text.replace(/("(?:[^"\\]|\\.)*")(:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token, string, colon) =>
    colon ? style.blue(string) + colon : string ? style.green(token) : style.yellow(token),
  );
  stdout.write(`${coloured}\n`);
}

/**
 * Rows under the names of their columns, which are `[{ name, read, style?, isWhole? }]`. What has no room on the terminal
 * is cut, last of all in a column that is to be whole; with `wraps`, the last column goes on in further lines instead.
 */
export function printTable({ stdout, env }, columns, rows, { wraps = false } = {}) {
  const style = styleFor(stdout, env);
  const cells = rows.map((row) => columns.map(({ read }) => cell(read(row))));
  const widths = columns.map(({ name }, at) => Math.max(columnsOf(name), ...cells.map((line) => columnsOf(line[at]))));
  const last = widths.length - 1;
  const available = widthOf(stdout);
  if (wraps) widths[last] = Math.min(widths[last], Math.max(MIN_WRAPPED, available - before(widths, last)));
  const least = columns.map(({ name }) => columnsOf(name));
  narrow(widths, least.map((width, at) => (columns[at].isWhole ? widths[at] : width)), available);
  narrow(widths, least, available);
  const paint = (text, at) => (columns[at].style ? style[columns[at].style](text) : text);
  const print = (line, painted) => stdout.write(`${line.map((text, at) => painted(at === last ? text : fit(text, widths[at]), at)).join(GAP).trimEnd()}\n`);
  print(columns.map(({ name }, at) => fit(name, widths[at]).trimEnd()), style.bold);
  for (const line of cells) {
    const [first, ...more] = wraps ? wrap(line[last], widths[last]) : [fit(line[last], widths[last]).trimEnd()];
    print([...line.slice(0, -1), first ?? ""], paint);
    for (const text of more) stdout.write(`${" ".repeat(before(widths, last))}${text}\n`);
  }
}

/** Columns of the terminal before a column of the table. */
const before = (widths, at) => widths.slice(0, at).reduce((sum, width) => sum + width + GAP.length, 0);

/** Names and values, one a line. */
export function printPairs({ stdout, env }, pairs) {
  const style = styleFor(stdout, env);
  const width = Math.max(0, ...pairs.map(([name]) => columnsOf(name)));
  for (const [name, value] of pairs) stdout.write(`${style.bold(fit(name, width))}${GAP}${cell(value)}\n`.replace(/ +\n$/, "\n"));
}

/** Takes from the widest columns, none of which becomes narrower than 8 or than its own `least`, until the whole fits. */
function narrow(widths, least, available) {
  let excess = widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP.length) - available;
  for (; excess > 0; excess -= 1) {
    const room = widths.map((width, at) => (width > Math.max(8, least[at]) ? width : 0));
    const widest = Math.max(...room);
    if (widest === 0) return;
    widths[room.indexOf(widest)] -= 1;
  }
}

function cell(value) {
  if (value === undefined || value === null) return "";
  return printable(typeof value === "object" ? JSON.stringify(value) : value);
}

// Values as JSON or as a table.

import { columnsOf, fit, printable, styleFor, widthOf } from "./terminal.js";

const GAP = "  ";

export function printJson({ stdout, env }, value) {
  // Escapes below space are JSON's own; these would still reach a terminal.
  const text = JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  const style = styleFor(stdout, env);
  const coloured = text.replace(/("(?:[^"\\]|\\.)*")(:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token, string, colon) =>
    colon ? style.blue(string) + colon : string ? style.green(token) : style.yellow(token),
  );
  stdout.write(`${coloured}\n`);
}

/** Rows under the names of their columns. `columns` is `[{ name, read }]`; what does not fit in the width is cut. */
export function printTable({ stdout, env }, columns, rows) {
  const style = styleFor(stdout, env);
  const cells = rows.map((row) => columns.map(({ read }) => cell(read(row))));
  const widths = columns.map(({ name }, at) => Math.max(columnsOf(name), ...cells.map((line) => columnsOf(line[at]))));
  narrow(widths, columns.map(({ name }) => columnsOf(name)), widthOf(stdout));
  const print = (line, paint) => stdout.write(`${paint(line.map((text, at) => fit(text, widths[at])).join(GAP).trimEnd())}\n`);
  print(columns.map(({ name }) => name), style.bold);
  for (const line of cells) print(line, (text) => text);
}

/** Names and values, one a line. */
export function printPairs({ stdout, env }, pairs) {
  const style = styleFor(stdout, env);
  const width = Math.max(0, ...pairs.map(([name]) => columnsOf(name)));
  for (const [name, value] of pairs) stdout.write(`${style.bold(fit(name, width))}${GAP}${cell(value)}\n`.replace(/ +\n$/, "\n"));
}

/** Takes from the widest columns until the whole fits. */
function narrow(widths, least, available) {
  let excess = widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP.length) - available;
  while (excess > 0) {
    const widest = Math.max(...widths);
    const at = widths.indexOf(widest);
    if (widest <= Math.max(8, least[at])) return;
    widths[at] -= 1;
    excess -= 1;
  }
}

function cell(value) {
  if (value === undefined || value === null) return "";
  return printable(typeof value === "object" ? JSON.stringify(value) : value);
}

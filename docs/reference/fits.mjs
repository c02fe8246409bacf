// Holds the described shape of the catalogue against the catalogue itself.

import { writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import ts from "typescript";

const SHOWN = 10;

/** Throws where the JSON `text` is not what `typings` says, fields that it does not know of included; `scratch` is written for it. */
export function requireThatItFits(text, typings, scratch) {
  // As a literal: of what is imported, the compiler forgets the values, and overlooks what is too much.
  writeFileSync(scratch, `import type { Catalogue } from "${relative(dirname(scratch), typings)}";\nexport const catalogue: Catalogue = ${text};\n`);
  const program = ts.createProgram([scratch], { strict: true, noEmit: true, allowImportingTsExtensions: true, types: [] });
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  if (problems.length > 0) throw new Error(`catalogue.json is not what catalogue.d.ts says:\n${[...new Set(problems)].slice(0, SHOWN).join("\n")}`);
}

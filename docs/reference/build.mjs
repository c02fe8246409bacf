// Makes the API reference from the package's typings and its catalogue, in target/reference; `cargo xtask docs` runs it.
//
// Whatever is exported without a comment, leads nowhere, or says of the catalogue what it is not, is an error.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, Converter, ReflectionKind } from "typedoc";
import { documentsOf } from "./actions.mjs";
import { requireThatItFits } from "./fits.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const ENTRIES = ["index", "sign", "node", "server", "emulator", "emulator-node", "slim"];
const OUT = at("../../target/reference/");
const WRITTEN = at("../../target/reference-pages/");

const { version } = JSON.parse(readFileSync(at("../../pkg/package.json"), "utf8"));
const text = readFileSync(at("../../pkg/dist/catalogue.json"), "utf8");

for (const folder of [OUT, WRITTEN]) rmSync(folder, { recursive: true, force: true });
mkdirSync(WRITTEN, { recursive: true });
requireThatItFits(text, at("catalogue.d.ts"), `${WRITTEN}catalogue.ts`);
const documents = documentsOf(JSON.parse(text));
for (const { name, text } of documents) writeFileSync(WRITTEN + name, text);

const app = await Application.bootstrapWithPlugins({
  entryPoints: [...ENTRIES.map((name) => at(`../../pkg/${name}.d.ts`)), at("catalogue.d.ts")],
  tsconfig: at("tsconfig.json"),
  out: OUT,
  name: "qingcloud-wasm",
  readme: at("front.md"),
  projectDocuments: [WRITTEN + documents[0].name],
  customCss: at("reference.css"),
  disableSources: true,
  hideGenerator: true,
  githubPages: false,
  // What people come for first: as the list above has the entries, classes before their options.
  sortEntryPoints: false,
  sort: ["documents-last", "kind", "source-order"],
  kindSortOrder: ["Project", "Module", "Class", "Function", "Interface", "TypeAlias", "Constructor", "Property", "Accessor", "Method", "Reference"],
  searchInComments: true,
  searchInDocuments: true,
  navigation: { includeCategories: false, includeGroups: false, includeFolders: false },
  customFooterHtml: `qingcloud-wasm ${version}`,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true, unusedMergeModuleWith: true },
  packagesRequiringDocumentation: ["qingcloud-wasm", "reference"],
  requiredToBeDocumented: ["Module", "Variable", "Function", "Class", "Constructor", "Interface", "Property", "Method", "Accessor", "TypeAlias"],
  logLevel: "Warn",
});

// The map of all actions is for the compiler; people read the pages of the catalogue.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  const map = project.getReflectionsByKind(ReflectionKind.Interface).find(({ name }) => name === "Actions");
  for (const action of [...map.children]) project.removeReflection(action);
  map.comment.summary.push({ kind: "text", text: "\n\nIts members are not repeated here: they are the pages of the actions." });
});

const project = await app.convert();
if (project) {
  app.validate(project);
  await app.generateOutputs(project);
}
if (!project || app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

// Makes what Node.js loads from the ESM sources; `cargo xtask build` runs it.
//
// Whoever imports and whoever requires must get the same classes. Node.js since 20.19 can require ES modules: both get
// `dist/node/name.mjs`, one file an entry, because each file that is loaded takes about a millisecond. Others get
// `dist/cjs/name.cjs`, of which `dist/cjs/name.mjs` re-exports the names. The typings get `.d.cts` copies.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

process.chdir(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { exports } = JSON.parse(readFileSync("package.json", "utf8"));

const targets = [...new Set(leaves(exports))];
const inCjs = (ending) => {
  const files = targets.filter((target) => target.startsWith("./dist/cjs/") && target.endsWith(ending));
  return files.map((target) => target.slice("./dist/cjs/".length, -ending.length));
};

// What has to exist once, because its symbol is compared. (Errors know each other by their brand.)
const SHARED = ["emulator-class"];
const entries = namesOf("dist/cjs", ".cjs");

for (const name of [...entries, ...SHARED]) {
  await bundle(`${name}.js`, `dist/cjs/${name}.cjs`);
  await bundle(existsSync(`nodejs/${name}.js`) ? `nodejs/${name}.js` : `${name}.js`, `dist/node/${name}.mjs`);
}
copyTypings(namesOf("dist/cjs", ".d.cts"));
for (const name of entries) writeNames(name);
requireTargets();
printSizes();

/** Every file that the exports map names. */
function leaves(node) {
  return typeof node === "string" ? [node] : Object.values(node).flatMap(leaves);
}

/** The exports map's files in `folder`, without their `ending`. */
function namesOf(folder, ending) {
  const files = targets.filter((target) => target.startsWith(`./${folder}/`) && target.endsWith(ending));
  return files.map((target) => target.slice(folder.length + 3, -ending.length));
}

/** One file for Node.js, with all that `source` imports but other entries and what is shared. */
async function bundle(source, outfile) {
  const ending = extname(outfile);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: ending === ".cjs" ? "cjs" : "esm",
    // Packages give Node.js their CommonJS, which does not work within an ES module, and of which all is kept.
    platform: "neutral",
    external: ["node:*"],
    target: "node20",
    logLevel: "warning",
    plugins: [othersStayOutside(ending)],
  });
}

/** Leaves imports of other entries and of what is shared as imports of what is made of them. */
function othersStayOutside(ending) {
  const outside = new Set([...entries, ...SHARED]);
  return {
    name: "others-stay-outside",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\/[^/]*\.js$/ }, ({ path, kind }) => {
        const name = basename(path, ".js");
        if (kind !== "entry-point" && outside.has(name)) return { path: `./${name}${ending}`, external: true };
      });
    },
  };
}

/** `name.d.ts` to `dist/cjs/name.d.cts`, with what it imports, specifiers rewritten. */
function copyTypings(names) {
  const seen = new Set(names);
  for (const name of seen) {
    const source = readFileSync(`${name}.d.ts`, "utf8");
    const copy = source.replace(/((?:from|import)\s*\(?\s*["'])(\.\.?\/[^"']+)\.js(["'])/g, (_, before, path, after) => {
      seen.add(normalize(join(dirname(name), path)));
      return `${before}${path}.cjs${after}`;
    });
    write(`dist/cjs/${name}.d.cts`, copy);
  }
}

/** `dist/cjs/name.mjs`: the names of `dist/cjs/name.cjs`, and nothing of its own. */
function writeNames(name) {
  const names = Object.keys(require(`./dist/cjs/${name}.cjs`));
  write(`dist/cjs/${name}.mjs`, `import cjs from "./${name}.cjs";\nexport const { ${names.join(", ")} } = cjs;\n`);
}

/** A package that names a file it does not carry would fail at its users only. */
function requireTargets() {
  const missing = targets.filter((target) => !existsSync(target));
  if (missing.length > 0) throw new Error(`package.json exports files that do not exist: ${missing.join(", ")}`);
}

function printSizes() {
  const row = (name, ...columns) => console.log(`  ${name.padEnd(20)}${columns.map((value) => String(value).padStart(10)).join("")}`);
  console.log();
  row("dist", "bytes", "gzip -9", "brotli");
  for (const file of readdirSync("dist").filter((name) => /\.(wasm|js)$/.test(name)).sort()) {
    const bytes = readFileSync(join("dist", file));
    row(file, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length);
  }
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

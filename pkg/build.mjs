// Makes the CommonJS side of the package, file by file, from the ESM sources; `cargo xtask build` runs it.
//
// One `.cjs` for each `.js`, so that all entries share one `error.cjs`. Node's ESM entries re-export from the same
// files: whoever imports and whoever requires gets the same classes. The typings get `.d.cts` copies.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize } from "node:path";
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

await transformAll(inCjs(".cjs"));
copyTypings(inCjs(".d.cts"));
for (const target of targets) if (target.startsWith("./dist/node/")) writeNodeEntry(target);
requireTargets();
printSizes();

/** Every file that the exports map names. */
function leaves(node) {
  return typeof node === "string" ? [node] : Object.values(node).flatMap(leaves);
}

/** `name.js` to `dist/cjs/name.cjs`, for the entries and for all that they import. */
async function transformAll(names) {
  const seen = new Set(names);
  for (const name of seen) {
    await build({
      entryPoints: [`${name}.js`],
      outfile: `dist/cjs/${name}.cjs`,
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node20",
      logLevel: "warning",
      plugins: [siblingsStayOutside((sibling) => seen.add(sibling))],
    });
  }
}

/** Leaves imports between our own files as imports, of `.cjs`; packages are bundled. */
function siblingsStayOutside(found) {
  return {
    name: "siblings-stay-outside",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, importer, kind }) => {
        if (kind === "entry-point" || importer.includes("node_modules")) return;
        if (!path.endsWith(".js")) return { errors: [{ text: `${path}: only .js files can be imported here` }] };
        found(relative(importer, path).slice(0, -".js".length));
        return { path: path.replace(/\.js$/, ".cjs"), external: true };
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

/** `dist/node/name.mjs`: the names of `dist/cjs/name.cjs`, and nothing of its own. */
function writeNodeEntry(target) {
  const name = target.slice("./dist/node/".length, -".mjs".length);
  const names = Object.keys(require(`./dist/cjs/${name}.cjs`));
  write(target, `export { ${names.join(", ")} } from "${"../".repeat(name.split("/").length)}cjs/${name}.cjs";\n`);
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

function relative(importer, path) {
  return normalize(join(dirname(importer.slice(process.cwd().length + 1)), path));
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

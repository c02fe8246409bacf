// What a page downloads that uses one class: bundled and minified, WebAssembly and JavaScript apart.
//
// Usage: node bench/size.mjs

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { SIZE_KB } from "./bounds.js";
import { table } from "./harness.js";

const MODULES = [
  { name: "QingCloudClient", entry: "qingcloud-wasm", wasm: "client.wasm" },
  { name: "Signer", entry: "qingcloud-wasm/sign", wasm: "sign.wasm" },
];

async function bundle(entry, name, plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents: `import { ${name} } from "${entry}"; globalThis.used = ${name};`, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    plugins,
  });
  return outputFiles[0].contents;
}

const withoutText = {
  name: "without-text",
  setup: ({ onLoad }) => onLoad({ filter: /-text\.js$/ }, () => ({ contents: 'export const text = "", alphabet = "";' })),
};

const row = (name, bytes, bound = "") => [
  name,
  ...[bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length].map((length) => length.toLocaleString("en")),
  bound,
];
const rows = [];
for (const { name, entry, wasm } of MODULES) {
  rows.push(
    row(`import { ${name} }`, await bundle(entry, name), `≤ ${SIZE_KB[name]} KB`),
    row("its JavaScript", await bundle(entry, name, [withoutText])),
    row(wasm, await readFile(new URL(`../../pkg/dist/${wasm}`, import.meta.url))),
  );
}
table("Size in bytes, bundled and minified", ["", "raw", "gzip -9", "brotli", "gzip must be"], rows);

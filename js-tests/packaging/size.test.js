import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { createProject } from "./project.js";

const budgets = JSON.parse(await readFile(new URL("../budgets.json", import.meta.url), "utf8"));

let project;
before(async () => {
  project = await createProject();
});
after(() => project.remove());

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What a page downloads that uses one name of an entry, minified; `without` leaves files out. */
async function bundle(entry, name, without) {
  const { outputFiles } = await build({
    stdin: { contents: `import { ${name} } from "${entry}"; globalThis.used = ${name};`, resolveDir: project.folder },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    plugins: without ? [leaveOut(without)] : [],
  });
  return outputFiles[0].contents;
}

function leaveOut(filter) {
  return {
    name: "leave-out",
    setup: ({ onLoad }) => onLoad({ filter }, () => ({ contents: 'export const text = "", alphabet = "";' })),
  };
}

for (const { entry, name, wasm, maxGzipBytes } of budgets) {
  test(`import { ${name} } from "${entry}" stays within ${maxGzipBytes} bytes`, async (t) => {
    const [whole, script] = [await bundle(entry, name), await bundle(entry, name, /-text\.js$/)];
    const module = await readFile(join(project.installed, "dist", wasm));
    for (const [part, bytes] of [["bundle", whole], ["its JavaScript", script], [wasm, module]]) {
      t.diagnostic(`${part}: ${bytes.length} bytes, gzip ${gzip(bytes)}, brotli ${brotliCompressSync(bytes).length}`);
    }
    assert.ok(gzip(whole) <= maxGzipBytes, `${gzip(whole)} bytes`);
  });
}

test("the text of a module weighs at most 3 % more than the module, after gzip", async () => {
  for (const name of ["client", "emulator", "sign"]) {
    const [module, text] = await Promise.all([".wasm", "-text.js"].map((end) => readFile(join(project.installed, "dist", name + end))));
    assert.ok(gzip(text) <= gzip(module) * 1.03 + 100, `${name}: ${gzip(text)} bytes for ${gzip(module)}`);
  }
});

test("the text of a module gives its bytes back", async () => {
  const { decode } = await import(join(project.installed, "text.js"));
  for (const name of ["client", "emulator", "sign"]) {
    const { text, alphabet } = await import(join(project.installed, "dist", `${name}-text.js`));
    assert.deepEqual(Buffer.from(decode(text, alphabet)), await readFile(join(project.installed, "dist", `${name}.wasm`)));
  }
});

test("an import that is not used leaves nothing in a bundle", async () => {
  const { outputFiles } = await build({
    stdin: { contents: `import { QingCloudClient } from "qingcloud-wasm"; import { Signer } from "qingcloud-wasm/sign";`, resolveDir: project.folder },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  assert.equal(outputFiles[0].text.trim(), "");
});

test("using one entry brings no other module", async () => {
  const signer = Buffer.from(await bundle("qingcloud-wasm/sign", "Signer")).toString();
  const { text } = await import(join(project.installed, "dist/client-text.js"));
  assert.ok(!signer.includes(text.slice(0, 200)));
});

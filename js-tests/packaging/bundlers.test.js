import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite, createServer as viteServer } from "vite";
import webpack from "webpack";
import { serveFolder } from "../../www/serve.mjs";
import { launchChromium, launchFirefox, open, until } from "../browser.js";
import { esModule, expected, signing } from "./program.js";
import { createProject } from "./project.js";

const PAGE = `
import { program } from "./program.mjs";
program().then((got) => { globalThis.got = got; }, (error) => { globalThis.got = String(error); });
`;

let project, chromium;
before(async () => {
  [project, chromium] = await Promise.all([createProject(), launchChromium()]);
  await project.write({ "program.mjs": esModule, "main.js": PAGE, "index.html": html(`<script type="module" src="./main.js"></script>`) });
});
after(() => Promise.all([project.remove(), chromium.close()]));

function html(head) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title><link rel="icon" href="data:,">${head}`;
}

/** Opens a page of the project and returns what the program gave there. */
async function resultAt(url, browser = chromium) {
  const page = await open(browser, url);
  try {
    const got = await until(page, "globalThis.got");
    assert.deepEqual(page.errors, []);
    return got;
  } finally {
    await page.close();
  }
}

/** Serves a folder of the project with a page that loads its `main.js`. */
async function resultIn(folder) {
  await project.write({ [`${folder}/index.html`]: html(`<script type="module" src="./main.js"></script>`) });
  const server = await serveFolder(join(project.folder, folder));
  try {
    return await resultAt(server.url);
  } finally {
    await server.close();
  }
}

test("esbuild bundles the package for a page", async () => {
  const entry = { absWorkingDir: project.folder, entryPoints: ["main.js"], outfile: "esbuild/main.js" };
  await esbuild({ ...entry, bundle: true, minify: true, format: "esm" });
  assert.deepEqual(await resultIn("esbuild"), expected);
});

test("rollup bundles the package for a page", async () => {
  const bundle = await rollup({ input: join(project.folder, "main.js"), plugins: [nodeResolve({ browser: true })], onwarn: fail });
  await bundle.write({ file: join(project.folder, "rollup/main.js"), format: "es" });
  await bundle.close();
  assert.deepEqual(await resultIn("rollup"), expected);
});

test("webpack bundles the package for a page without options", async () => {
  const stats = await promisify(webpack)({
    context: project.folder,
    entry: "./main.js",
    mode: "production",
    performance: { hints: false },
    output: { path: join(project.folder, "webpack"), filename: "main.js" },
  });
  assert.deepEqual([stats.compilation.errors, stats.compilation.warnings], [[], []]);
  assert.deepEqual(await resultIn("webpack"), expected);
});

test("vite builds a page with the package", async () => {
  await vite({ root: project.folder, configFile: false, logLevel: "error", build: { outDir: "vite" } });
  const server = await serveFolder(join(project.folder, "vite"));
  try {
    assert.deepEqual(await resultAt(server.url), expected);
  } finally {
    await server.close();
  }
});

test("vite builds a page that loads the module as a file of its own", async () => {
  await project.write({
    "slim/index.html": html(`<script type="module" src="./main.js"></script>`),
    "slim/main.js": `
      import wasm from "qingcloud-wasm/client.wasm?url";
      import { init, QingCloudClient } from "qingcloud-wasm/slim";
      init(await WebAssembly.compileStreaming(fetch(wasm)));
      ${signing}
      globalThis.got = sign(new QingCloudClient({ ...key, now, dangerouslyAllowBrowser: true }));`,
  });
  const build = { outDir: "dist", target: "es2022", assetsInlineLimit: 0 };
  await vite({ root: join(project.folder, "slim"), configFile: false, logLevel: "error", build });
  const server = await serveFolder(join(project.folder, "slim/dist"));
  try {
    assert.equal(await resultAt(server.url), expected.client);
  } finally {
    await server.close();
  }
});

test("vite's development server serves a page with the package", async () => {
  const server = await viteServer({ root: project.folder, configFile: false, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
  try {
    await server.listen();
    assert.deepEqual(await resultAt(server.resolvedUrls.local[0]), expected);
  } finally {
    await server.close();
  }
});

test("a page with an import map needs no bundler, in Chromium and Firefox", async () => {
  const entries = { "qingcloud-wasm": "index", "qingcloud-wasm/sign": "sign", "qingcloud-wasm/emulator": "emulator" };
  const imports = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `./package/${file}.js`]));
  await cp(project.installed, join(project.folder, "plain/package"), { recursive: true });
  await project.write({
    "plain/program.mjs": esModule,
    "plain/main.js": PAGE,
    "plain/index.html": html(
      `<script type="importmap" nonce="map">${JSON.stringify({ imports })}</script><script type="module" src="./main.js"></script>`,
    ),
  });
  // As strict as a page with WebAssembly can be; the nonce is for the import map, which must be inline.
  const headers = { "content-security-policy": "default-src 'self'; script-src 'self' 'nonce-map' 'wasm-unsafe-eval'; img-src data:" };
  const server = await serveFolder(join(project.folder, "plain"), { headers });
  const firefox = await launchFirefox();
  try {
    assert.deepEqual(await resultAt(server.url), expected);
    assert.deepEqual(await resultAt(server.url, firefox), expected);
  } finally {
    await Promise.all([firefox.close(), server.close()]);
  }
});

function fail(warning) {
  throw new Error(warning.message);
}

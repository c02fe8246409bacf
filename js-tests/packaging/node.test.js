import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import webpack from "webpack";
import { commonJs, esModule, expected, key } from "./program.js";
import { createProject } from "./project.js";

let project;
before(async () => {
  project = await createProject();
  await project.write({ "program.mjs": esModule, "program.cjs": commonJs });
});
after(() => project.remove());

/** Runs `source` as a file of its own and reads the JSON it prints. */
async function run(program, name, source) {
  await project.write({ [name]: source });
  return JSON.parse(await project.run(program, name));
}

test("node imports the package", async () => {
  const source = `import { program } from "./program.mjs"; console.log(JSON.stringify(await program()));`;
  assert.deepEqual(await run(process.execPath, "import.mjs", source), expected);
});

test("node requires the package", async () => {
  const source = `require("./program.cjs").program().then((got) => console.log(JSON.stringify(got)));`;
  assert.deepEqual(await run(process.execPath, "require.cjs", source), expected);
});

// Node.js before 20.19 cannot require ES modules: it takes other files.
const OLDER = process.features.require_module ? "--no-experimental-require-module" : "--no-warnings";

test("an older node imports the package", async () => {
  await project.write({ "older.mjs": `import { program } from "./program.mjs"; console.log(JSON.stringify(await program()));` });
  assert.deepEqual(JSON.parse(await project.run(process.execPath, OLDER, "older.mjs")), expected);
});

test("an older node requires the package", async () => {
  await project.write({ "older.cjs": `require("./program.cjs").program().then((got) => console.log(JSON.stringify(got)));` });
  assert.deepEqual(JSON.parse(await project.run(process.execPath, OLDER, "older.cjs")), expected);
});

for (const [node, ...options] of [["node"], ["an older node", OLDER]]) test(`importing and requiring give the same classes in ${node}`, async () => {
  const source = `
    import * as imported from "qingcloud-wasm";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("qingcloud-wasm");
    const names = Object.keys(imported).filter((name) => name !== "default" && name !== "module.exports");
    console.log(JSON.stringify([names.length > 0, names.filter((name) => imported[name] !== required[name])]));`;
  await project.write({ "identity.mjs": source });
  assert.deepEqual(JSON.parse(await project.run(process.execPath, ...options, "identity.mjs")), [true, []]);
});

for (const [node, ...options] of [["node"], ["an older node", OLDER]]) test(`all entries throw the one QingCloudError in ${node}`, async () => {
  const source = `
    import { QingCloudError } from "qingcloud-wasm";
    import { createRequire } from "node:module";
    const { Signer } = createRequire(import.meta.url)("qingcloud-wasm/sign");
    try { new Signer({}); } catch (error) { console.log(JSON.stringify(error instanceof QingCloudError)); }`;
  await project.write({ "error.mjs": source });
  assert.equal(await project.run(process.execPath, ...options, "error.mjs"), "true");
});

const cannotRequire = !process.features.require_module && "this node cannot require ES modules";
test("the browser's entry can be required where node requires ES modules", { skip: cannotRequire }, async () => {
  const entry = JSON.stringify(join(project.installed, "index.js"));
  const source = `console.log(JSON.stringify(typeof require(${entry}).QingCloudClient));`;
  assert.equal(await run(process.execPath, "require-esm.cjs", source), "function");
});

test("a server bundle works when it has been moved away from the package", async () => {
  await project.write({ "server.js": `import { program } from "./program.mjs"; program().then((got) => console.log(JSON.stringify(got)));` });
  await project.run("esbuild", "server.js", "--bundle", "--platform=node", "--outfile=moved/server.cjs");
  assert.deepEqual(JSON.parse(await project.run(process.execPath, "moved/server.cjs")), expected);
});

test("webpack's server bundle works when it has been moved away from the package", async () => {
  const output = { path: join(project.folder, "packed"), filename: "server.js" };
  const entry = { context: project.folder, entry: "./server.js", mode: "production", target: "node", devtool: false, output };
  const stats = await promisify(webpack)(entry);
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }), { errors: [], warnings: [] });
  await rename(output.path, join(project.folder, "unpacked"));
  assert.deepEqual(JSON.parse(await project.run(process.execPath, "unpacked/server.js")), expected);
});

test("the command runs from the installed package", async () => {
  const { accessKeyId, secretAccessKey } = key;
  await project.write({ "sign.mjs": `
    import { execFileSync } from "node:child_process";
    const env = { ...process.env, QINGCLOUD_ACCESS_KEY_ID: "${accessKeyId}", QINGCLOUD_SECRET_ACCESS_KEY: "${secretAccessKey}" };
    const url = execFileSync("npx", ["--no-install", "qingcloud", "sign", "DescribeZones", "--output", "url"], { env, encoding: "utf8" });
    console.log(JSON.stringify(url.trim()));` });
  const url = JSON.parse(await project.run(process.execPath, "sign.mjs"));
  assert.match(url, new RegExp(`^https://api\\.qingcloud\\.com/iaas/\\?access_key_id=${accessKeyId}&action=DescribeZones&.*&signature=[^&]+$`));
});

test("deno imports the package", async () => {
  await project.write({ "deno.mjs": `import { program } from "./program.mjs"; console.log(JSON.stringify(await program()));` });
  const printed = await project.run("deno", "run", "--node-modules-dir=manual", "--no-remote", "deno.mjs");
  assert.deepEqual(JSON.parse(printed), expected);
});

test("bun imports the package", async () => {
  const source = `import { program } from "./program.mjs"; console.log(JSON.stringify(await program()));`;
  assert.deepEqual(await run("bun", "bun.mjs", source), expected);
});

test("bun requires the package", async () => {
  const source = `require("./program.cjs").program().then((got) => console.log(JSON.stringify(got)));`;
  assert.deepEqual(await run("bun", "bun.cjs", source), expected);
});

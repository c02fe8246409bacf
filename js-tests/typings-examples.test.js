// The examples in the typings' comments, which editors and the API reference show, are code that compiles.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What an example may use without saying where it is from. */
const FROM = {
  QingCloudClient: "qingcloud-wasm",
  ClientOptions: "qingcloud-wasm",
  isQingCloudError: "qingcloud-wasm",
  Signer: "qingcloud-wasm/sign",
  fromEnv: "qingcloud-wasm/node",
  fromConfigFile: "qingcloud-wasm/node",
  fromInstanceMetadata: "qingcloud-wasm/node",
  chain: "qingcloud-wasm/node",
  createHandler: "qingcloud-wasm/server",
  Emulator: "qingcloud-wasm/emulator",
  diagnose: "qingcloud-wasm/emulator",
  serveEmulator: "qingcloud-wasm/emulator/node",
};

/** What the reader has at hand. */
const GIVEN = {
  accessKeyId: "string",
  secretAccessKey: "string",
  url: "string",
  instances: "string[]",
  client: 'import("qingcloud-wasm").QingCloudClient',
  sessionOf: "(request: Request) => Promise<{ userId: string } | undefined>",
};

const SURROUNDINGS = `declare module "*?url" {\n  const url: string;\n  export default url;\n}\n`;

const COMPILER = {
  target: "esnext",
  module: "nodenext",
  lib: ["esnext", "dom"],
  types: ["node"],
  strict: true,
  noEmit: true,
};

/** The examples of one file, with their lines. */
function examplesIn(text) {
  const comments = [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)];
  return comments.flatMap(({ 0: comment, index }) => {
    const lines = comment.replace(/\s*\*\/$/, "").split("\n");
    const first = text.slice(0, index).split("\n").length;
    const starts = lines.flatMap((line, at) => (/^\s*\* @example\s*$/.test(line) ? [at] : []));
    return starts.map((start) => {
      const end = lines.findIndex((line, at) => at > start && /^\s*\* @/.test(line));
      const code = lines.slice(start + 1, end === -1 ? undefined : end).map((line) => line.replace(/^\s*\* ?/, ""));
      return { line: first + start, code: code.join("\n") };
    });
  });
}

/** The example as a module that says where everything comes from. */
function whole(code) {
  const said = new Set([...code.matchAll(/(?:import|const|using) (?:\{([^}]*)\}|(\w+))/g)].flatMap(([, several, one]) => (several ?? one).split(",").map((name) => name.trim())));
  const needed = (names) => Object.entries(names).filter(([name]) => !said.has(name) && new RegExp(`\\b${name}\\b`).test(code));
  const imports = needed(FROM).map(([name, entry]) => `import { ${name} } from "${entry}";`);
  const given = needed(GIVEN).map(([name, type]) => `declare const ${name}: ${type};`);
  return `${[...imports, ...given, code].join("\n")}\nexport {};\n`;
}

test("every example in the typings, and on the reference's front page, compiles", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qingcloud-examples-"));
  try {
    await mkdir(join(folder, "node_modules"));
    for (const name of ["qingcloud-wasm", "@types", "undici-types"]) await symlink(at(`node_modules/${name}`), join(folder, "node_modules", name));
    const typings = (await readdir(at("../pkg"))).filter((name) => name.endsWith(".d.ts")).map((name) => `../pkg/${name}`);
    let count = 0;
    for (const file of [...typings, "../docs/reference/catalogue.d.ts"]) {
      for (const { line, code } of examplesIn(await readFile(at(file), "utf8"))) {
        await writeFile(join(folder, `${file.split("/").at(-1).replace(".d.ts", "")}-${line}.mts`), whole(code));
        count += 1;
      }
    }
    const [, front] = /```ts\n(.*?)```/s.exec(await readFile(at("../docs/reference/front.md"), "utf8"));
    await writeFile(join(folder, "front.mts"), whole(front));
    await writeFile(join(folder, "surroundings.d.ts"), SURROUNDINGS);
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER, include: ["*.mts", "*.d.ts"] }));
    const { status, stdout } = spawnSync(at("node_modules/.bin/tsc"), ["--project", folder], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
    assert.ok(count > 20, `only ${count} examples were found`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

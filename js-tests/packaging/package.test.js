import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { createProject, packageFolder } from "./project.js";

let project, manifest;
before(async () => {
  project = await createProject();
  manifest = JSON.parse(await readFile(join(project.installed, "package.json"), "utf8"));
});
after(() => project.remove());

const repositoryFile = (name) => readFile(join(packageFolder, "..", name), "utf8");

test("the package carries these files and no others", async () => {
  const wanted = (await readFile(new URL("files.txt", import.meta.url), "utf8")).trim().split("\n");
  assert.deepEqual(project.tarball.files.map(({ path }) => path).sort(), wanted);
});

test("the package has no dependencies and nothing that runs at installation", () => {
  for (const field of ["dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies"]) {
    assert.equal(manifest[field], undefined, field);
  }
  for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
    assert.equal(manifest.scripts?.[script], undefined, script);
  }
});

test("the version is the same in Cargo.toml, package.json and the changelog", async () => {
  const [cargo, changelog] = await Promise.all([repositoryFile("Cargo.toml"), repositoryFile("CHANGELOG.md")]);
  assert.equal(manifest.version, cargo.match(/^\[package\][^[]*?^version = "([^"]*)"/ms)[1]);
  assert.equal(manifest.version, changelog.match(/^## \[?([^\]\s]+)/m)[1]);
});

test("what the package's documents link to is in it, but for the sources", async () => {
  const documents = project.tarball.files.map(({ path }) => path).filter((path) => path.endsWith(".md"));
  let links = 0;
  for (const document of documents) {
    const text = await readFile(join(project.installed, document), "utf8");
    for (const [, to] of text.matchAll(/\]\((?!https?:|#|src\/)([^)#]+)/g)) {
      links += 1;
      assert.ok(existsSync(join(project.installed, dirname(document), to)), `${document}: ${to}`);
    }
  }
  assert.ok(links > 30, `only ${links} links were found`);
});

test("publint finds nothing", async () => {
  assert.match(await project.run("publint", "run", project.installed, "--strict", "--pack", "false"), /All good!/);
});

test("the types resolve wherever the code does", async () => {
  // The page's entry has no CommonJS form on purpose, and WebAssembly files have no types.
  const modules = Object.keys(manifest.exports).filter((name) => /\.(wasm|json)$/.test(name));
  await project.run("attw", project.tarball.file, "--profile", "node16", "--exclude-entrypoints", ...modules);
});

test("each entry exports the names that its typings promise", async () => {
  const entries = Object.entries(manifest.exports).filter(([, target]) => typeof target === "object");
  const checks = entries.map(([entry], index) => {
    const name = entry.replace(/^\./, "qingcloud-wasm");
    const names = Object.keys(project.require(name)).map((key) => `${key}: true`);
    return `import * as m${index} from "${name}";
      export const names${index}: { [Name in keyof typeof m${index}]: true } = { ${names.join(", ")} };`;
  });
  await project.write({ "names.mts": checks.join("\n"), "names.cts": checks.join("\n") });
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "--types", ""];
  await project.run("tsc", ...options, "names.mts", "names.cts");
});

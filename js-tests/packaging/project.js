// The package as its users get it: packed, and installed into a fresh project outside this repository.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const execute = promisify(execFile);

/** Where the development tools' programs are. */
export const programs = join(root, "js-tests/node_modules/.bin");
export const packageFolder = join(root, "pkg");

/** Packs the package into `folder`: what npm says of it, with the whole path as `file`. */
export async function pack(folder) {
  const { stdout } = await execute("npm", ["pack", "--json", "--pack-destination", folder], { cwd: packageFolder });
  const report = JSON.parse(stdout)[0];
  return { ...report, file: join(folder, report.filename) };
}

/** Makes a project in a new folder with the package installed from its tarball. */
export async function createProject() {
  const folder = await mkdtemp(join(tmpdir(), "qingcloud-wasm-"));
  const tarball = await pack(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));
  await execute("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball.file], { cwd: folder });
  return {
    folder,
    tarball,
    installed: join(folder, "node_modules/qingcloud-wasm"),
    require: createRequire(join(folder, "package.json")),
    /** Writes `files`, `{ name: text }`. */
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
    },
    /** Runs a program in the project and returns what it prints; throws with its errors if it fails. */
    async run(program, ...argv) {
      const { stdout } = await execute(program, argv, {
        cwd: folder,
        env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}` },
        maxBuffer: 1 << 24,
      });
      return stdout.trim();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

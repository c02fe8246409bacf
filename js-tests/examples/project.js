// A copy of an example outside the repository, with the packages that it names.

import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const modules = join(root, "js-tests/node_modules");

/** Copies `examples/<name>`; `packages` are linked into its node_modules. The copy is removed after test `t`. */
export async function copyExample(t, name, packages) {
  const folder = await mkdtemp(join(tmpdir(), `qingcloud-example-`));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, "examples", name), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  for (const packageName of packages) await symlink(join(modules, packageName), join(folder, "node_modules", packageName));
  return folder;
}

/** The path of a program that comes with a package of js-tests. */
export const programPath = (name) => join(dirname(modules), "node_modules/.bin", name);

/** The variables that lead to an emulator. */
export const variablesOf = ({ url, emulator }) => ({
  QINGCLOUD_ENDPOINT: url,
  QINGCLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
  QINGCLOUD_SECRET_ACCESS_KEY: emulator.secretAccessKey,
  QINGCLOUD_ZONE: "pek3a",
});

/** Starts a program: `{ child, ended, printed(pattern) }`. It is ended after test `t` if it has not. */
export function start(t, program, argv, cwd, env = {}) {
  const child = spawn(program, argv, { cwd, env: { ...process.env, ...env } });
  t.after(() => child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  child.stdout.on("data", (chunk) => (stdout += chunk));
  return {
    ended,
    /** The first match of `pattern` in what it prints. */
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stdout);
          if (match) resolve(match);
        };
        child.stdout.on("data", look);
        child.on("close", () => reject(new Error(`it ended without printing ${pattern}: ${stderr}`)));
        look();
      }),
  };
}

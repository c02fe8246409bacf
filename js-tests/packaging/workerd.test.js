import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { esModule, expected } from "./program.js";
import { createProject } from "./project.js";

const WASM = ["client-simd.wasm", "sign-simd.wasm", "emulator.wasm"];

let project;
before(async () => {
  project = await createProject();
  const worker = `
    import { program } from "./program.mjs";
    export default {
      async test() {
        const [got, wanted] = [JSON.stringify(await program()), ${JSON.stringify(JSON.stringify(expected))}];
        if (got !== wanted) throw new Error("got " + got + ", wanted " + wanted);
      },
    };`;
  await project.write({ "program.mjs": esModule, "worker.js": worker });
  await build({
    absWorkingDir: project.folder,
    entryPoints: ["worker.js"],
    outdir: "bundled",
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
});
after(() => project.remove());

// The first date is from before workerd let modules be compiled from bytes at start-up.
for (const date of ["2024-01-01", "2026-01-01"]) {
  test(`workerd runs the package with the compatibility date ${date}`, async () => {
    const modules = WASM.map((name) => `(name = "${name}", wasm = embed "bundled/${name}")`);
    const config = `
      using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (services = [(name = "main", worker = (
        modules = [(name = "worker.js", esModule = embed "bundled/worker.js"), ${modules.join(", ")}],
        compatibilityDate = "${date}",
      ))]);`;
    await project.write({ [`${date}.capnp`]: config });
    await assert.doesNotReject(project.run("workerd", "test", `${date}.capnp`));
  });
}

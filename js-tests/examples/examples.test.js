import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { QingCloudClient } from "qingcloud-wasm";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { launchChromium, open, until } from "../browser.js";
import { copyExample, programPath, start, variablesOf } from "./project.js";

const INSTANCE = { image_id: "centos64x86a", instance_type: "small_b", login_mode: "passwd", login_passwd: "Abc12345678", vxnets: ["vxnet-0"] };

let served, env, client;
before(async () => {
  served = await serveEmulator({ jobDurationMs: 100 });
  env = variablesOf(served);
  const { accessKeyId, secretAccessKey } = served.emulator;
  client = new QingCloudClient({ accessKeyId, secretAccessKey, endpoint: served.url, zone: "pek3a" });
  await client.callAndWait("RunInstances", { ...INSTANCE, instance_name: "web", count: 2 });
});
after(async () => {
  client.free();
  await served.close();
});

/** The actions that have arrived since `count` requests. */
const actionsSince = (count) => served.emulator.requests.slice(count).map(({ action }) => action);

test("the script takes a snapshot of each volume, and none twice", async (t) => {
  const { volumes } = await client.callAndWait("CreateVolumes", { size: 10, count: 2 });
  const folder = await copyExample(t, "node-script", ["qingcloud-wasm"]);
  const run = () => start(t, process.execPath, ["snapshot-volumes.js"], folder, env).ended;
  const first = await run();
  assert.deepEqual([first.status, first.stderr], [0, ""]);
  assert.deepEqual(first.stdout.trim().split("\n").map((line) => line.split(": ")[0]).sort(), volumes.sort());
  const count = served.emulator.requests.length;
  assert.deepEqual(await run(), { status: 0, stdout: "", stderr: "" });
  assert.ok(!actionsSince(count).includes("CreateSnapshots"));
});

test("the script says what it does not know, and repeats nothing", async (t) => {
  const lossy = await serveEmulator({ jobDurationMs: 100, faults: [{ action: "CreateSnapshots", times: 1, fault: "lost" }] });
  t.after(lossy.close);
  const { accessKeyId, secretAccessKey } = lossy.emulator;
  const own = new QingCloudClient({ accessKeyId, secretAccessKey, endpoint: lossy.url, zone: "pek3a" });
  t.after(() => own.free());
  await own.callAndWait("CreateVolumes", { size: 10 });
  const folder = await copyExample(t, "node-script", ["qingcloud-wasm"]);
  const run = () => start(t, process.execPath, ["snapshot-volumes.js"], folder, variablesOf(lossy)).ended;
  const { status, stderr } = await run();
  assert.equal(status, 1);
  assert.match(stderr, /left to the next run; DescribeSnapshots shows/);
  assert.deepEqual(await run(), { status: 0, stdout: "", stderr: "" });
  assert.equal((await own.call("DescribeSnapshots")).total_count, 1);
});

test("the page lists and stops instances through the Express server, under its strict policy", async (t) => {
  const folder = await copyExample(t, "express-signing-server", ["qingcloud-wasm", "express"]);
  const server = start(t, process.execPath, ["server.js"], folder, { ...env, PORT: "0" });
  const [url] = await server.printed(/http:\S+/);
  const chromium = await launchChromium();
  t.after(() => chromium.close());

  const page = await open(chromium, url);
  await until(page, `document.querySelector("#state").textContent === "Log in first."`);
  await page.evaluate(`document.querySelector("[name=user]").value = "ann"`);
  await Promise.all([page.waitForNavigation(), page.evaluate(`document.querySelector("#login").requestSubmit()`)]);
  await until(page, `document.querySelector("#state").textContent === "2 instances"`);
  assert.equal(await page.evaluate(`document.querySelector("#instances").textContent`), "web: runningStopweb: runningStop");
  await page.evaluate(`document.querySelector("#instances button").click()`);
  await until(page, `document.querySelectorAll("#instances button").length === 1 && /^2 /.test(document.querySelector("#state").textContent)`);
  // The first visit was refused, which the browser logs; nothing else went wrong.
  assert.deepEqual(page.errors.filter((error) => !/403/.test(error)), []);
  assert.equal((await client.call("DescribeInstances", { status: ["stopped"] })).total_count, 1);

  const refused = await fetch(new URL("qingcloud", url), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ action: "DescribeInstances" }) });
  assert.equal(refused.status, 403);
});

test("the Worker answers those who have the token", async (t) => {
  const folder = await copyExample(t, "cloudflare-worker", ["qingcloud-wasm"]);
  await build({
    absWorkingDir: folder,
    entryPoints: ["src/worker.js"],
    outdir: "bundled",
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  const port = await freePort();
  const bindings = Object.entries({ ...env, VISITORS_TOKEN: "t0ken" }).map(([name, value]) => `(name = "${name}", text = "${value}")`);
  await writeFile(join(folder, "config.capnp"), `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = (
          modules = [(name = "worker.js", esModule = embed "bundled/worker.js"), (name = "client-simd.wasm", wasm = embed "bundled/client-simd.wasm")],
          compatibilityDate = "2026-01-01",
          bindings = [${bindings.join(", ")}],
          globalOutbound = "network",
        )),
        (name = "network", network = (allow = ["private", "public"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
    );`);
  start(t, programPath("workerd"), ["serve", "config.capnp"], folder);
  const get = (path, headers) => whenUp(() => fetch(`http://127.0.0.1:${port}${path}`, { headers }));

  assert.equal((await get("/instances", {})).status, 401);
  const visitor = { authorization: "Bearer t0ken" };
  assert.equal((await get("/", visitor)).status, 404);
  const response = await get("/instances", visitor);
  assert.equal(response.status, 200);
  assert.deepEqual((await response.json()).map(({ instance_name }) => instance_name), ["web", "web"]);
});

test("the route handler serves pages that are logged in", async (t) => {
  const folder = await copyExample(t, "next-route", ["qingcloud-wasm"]);
  const own = { ...env, SESSION_TOKEN: "s1" };
  const before = Object.fromEntries(Object.keys(own).map((name) => [name, process.env[name]]));
  Object.assign(process.env, own);
  t.after(() => Object.entries(before).forEach(([name, value]) => (value === undefined ? delete process.env[name] : (process.env[name] = value))));
  const load = (path) => import(pathToFileURL(join(folder, path)));
  const { POST } = await load("app/api/qingcloud/route.js");
  const { runningInstances } = await load("app/instances/list.js");

  // What Next.js does: the web's Request in, its Response out.
  const fetch = (url, init) => POST(new Request(new URL(url, "https://app.example.com"), init));
  const { total_count } = await client.call("DescribeInstances", { status: ["running"] });
  assert.deepEqual(await runningInstances({ token: "s1", fetch }), Array(total_count).fill("web"));
  await assert.rejects(runningInstances({ token: "wrong", fetch }), { name: "QingCloudError", httpStatus: 403 });
});

/** A port that nobody listens on at this moment; workerd cannot choose one and say which. */
function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What `work` gives, once the server that it asks is there. */
async function whenUp(work) {
  const end = performance.now() + 20_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

// The programs that the explorer writes, run against the emulator: each makes the call that the form describes.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { Signer } from "qingcloud-wasm/sign";
import { readRequest } from "../../www/src/model/curl.js";
import { curl, PROGRAMS, requestOf } from "../../www/src/model/snippets/index.js";
import { environment, findPython } from "../prove/python.mjs";
import { actionNamed, catalogue } from "./catalogue.js";

const jsTests = fileURLToPath(new URL("..", import.meta.url));
const python = findPython();

/** Calls with all that a form can hold; `project` is an id that exists. */
const CASES = (project) => [
  ["DescribeInstances", { params: { status: ["running", "stopped"], limit: 10, search_word: "a 'quoted\" \\ 青云 \u{1F600}" }, zone: "pek3a" }],
  ["RunInstances", { params: { image_id: "centos64x86a", instance_type: "c1m1", login_mode: "passwd", login_passwd: "Hunter-2222", vxnets: ["vxnet-0"] }, zone: "pek3a", expiresInSeconds: "300" }],
  ["DescribeProjects", { params: { project_ids: [project] } }],
  ["CreateProject", { params: { project_name: "snippets", selected: true }, method: "POST" }],
  ["DescribeZones", { params: {} }],
];

let served, project, secrets;
before(async () => {
  served = await serveEmulator();
  const { accessKeyId, secretAccessKey } = served.emulator;
  secrets = { QINGCLOUD_ACCESS_KEY_ID: accessKeyId, QINGCLOUD_SECRET_ACCESS_KEY: secretAccessKey, LOGIN_PASSWD: "Hunter-2222" };
  const signer = new Signer({ accessKeyId, secretAccessKey, endpoint: served.url });
  project = (await (await fetch(signer.signUrl("CreateProject", { project_name: "first" }))).json()).project_id;
  signer.free();
});
after(() => served.close());

/** Runs a program that is given on its standard input; gives what it prints. */
function run(program, args, input) {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { cwd: jsTests, env: { ...process.env, ...secrets } }, (error, stdout, stderr) => (error ? reject(new Error(stderr || error.message)) : resolve(stdout)));
    child.stdin.end(input);
  });
}

/** The parameters of the call that arrived last, in the wire's form, without those that every call has. */
function arrived(action) {
  const { parameters, retCode, action: name } = served.emulator.requests.at(-1);
  assert.deepEqual([name, retCode], [action, 0]);
  const { req_id, time_stamp, expires, signature, access_key_id, signature_method, signature_version, version, ...own } = parameters;
  return own;
}

for (const language of ["javascript", "python"]) {
  test(`the ${language} program makes the call`, { skip: language === "python" && python === undefined && "there is no Python 3 here" }, async () => {
    const [program, ...args] = language === "python" ? [environment(python), "-"] : [process.execPath, "--input-type=module", "-"];
    for (const [name, form] of CASES(project)) {
      const text = PROGRAMS[language](requestOf(actionNamed(name), { ...form, endpoint: served.url }));
      assert.ok(!text.includes("Hunter-2222"), "secrets come from the environment");
      await run(program, args, text);
      const signer = new Signer({ accessKeyId: "K", secretAccessKey: "S", ...(form.zone && { zone: form.zone }) });
      const { parameters } = signer.explain(name, form.params, { ...(form.method && { method: form.method }) });
      signer.free();
      const own = Object.keys(arrived(name)).sort();
      const expected = parameters.map(([parameter]) => parameter).filter((parameter) => !/^(access_key_id|signature_method|signature_version|time_stamp|version)$/.test(parameter));
      assert.deepEqual(own, expected.sort(), name);
    }
  });
}

test("the TypeScript program compiles against the package's types, and makes the call", async () => {
  const folder = await mkdtemp(`${jsTests}.snippets-`);
  try {
    const files = [];
    for (const [name, form] of CASES(project)) {
      const text = PROGRAMS.typescript(requestOf(actionNamed(name), { ...form, endpoint: served.url }));
      files.push(`${folder}/${name}.mts`);
      await writeFile(files.at(-1), text);
      // There is nothing in it that only TypeScript has.
      await run(process.execPath, ["--input-type=module", "-"], text);
      arrived(name);
    }
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022", "--types", "node"];
    await promisify(execFile)(process.execPath, [`${jsTests}node_modules/typescript/bin/tsc`, ...options, ...files]).catch(({ stdout }) => assert.fail(stdout));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the curl line makes the call, also when curl itself runs it", async () => {
  const { accessKeyId, secretAccessKey } = served.emulator;
  const hasCurl = spawnSync("curl", ["--version"]).status === 0;
  for (const [name, { params, method, zone }] of CASES(project)) {
    const signer = new Signer({ accessKeyId, secretAccessKey, endpoint: served.url, ...(zone && { zone }) });
    const line = curl(signer.explain(name, params, { ...(method && { method }) }));
    signer.free();
    const { url, body, ...request } = readRequest(line);
    const { ret_code: code } = await (await fetch(url, { ...request, body, headers: body && { "content-type": "application/x-www-form-urlencoded" } })).json();
    assert.equal(code, 0, name);
    if (hasCurl) assert.match(await run("sh", ["-s"], line.replace("curl ", "curl --silent --show-error --noproxy '*' ")), /"ret_code": ?0/, name);
  }
});

test("every action of the catalogue can be written in every language", () => {
  for (const action of catalogue.actions.values()) {
    for (const write of Object.values(PROGRAMS)) assert.ok(write(requestOf(action, { params: {}, zone: "pek3" })).includes(`"${action.name}"`));
  }
});

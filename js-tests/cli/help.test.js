import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { program, run, temporaryFolder, variablesOf } from "./command.js";

const COMMANDS = ["sign", "explain", "call", "wait", "diagnose", "actions", "emulator", "demo"];
const CHINESE = /[\u4e00-\u9fff]/;

/** What the help of a command says; the whole help without a name. */
async function helpOf(name, env = {}) {
  const { status, stdout, stderr } = await run(name ? [name, "--help"] : ["--help"], { env });
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout;
}

const columnsOf = (line) => [...line].reduce((sum, character) => sum + (/[\u2e80-\uff60]/.test(character) ? 2 : 1), 0);

test("every command has help with examples, in both languages", async () => {
  for (const name of [undefined, ...COMMANDS]) {
    const [english, chinese] = await Promise.all([helpOf(name), helpOf(name, { LC_ALL: "zh_CN.UTF-8" })]);
    assert.doesNotMatch(english, CHINESE);
    assert.match(chinese, CHINESE);
    assert.match(english, /\nExamples\n {2}# /);
    assert.match(chinese, /\n示例\n {2}# /);
    // Both know the same options, and none has lost its text.
    const optionsIn = (text) => [...text.matchAll(/^ {2}(?:-\w, | {4})(--[\w-]+)/gm)].map(([, option]) => option);
    assert.deepEqual(optionsIn(english), optionsIn(chinese));
    for (const text of [english, chinese]) assert.doesNotMatch(text, /undefined|\[object/);
  }
});

test("help fits in 80 columns, its examples aside", async () => {
  for (const name of [undefined, ...COMMANDS]) {
    for (const LC_ALL of ["C", "zh_CN.UTF-8"]) {
      const [text] = (await helpOf(name, { LC_ALL })).split(/\n(?:Examples|示例)\n/);
      for (const line of text.split("\n")) assert.ok(columnsOf(line) <= 80, `${name}: ${line}`);
    }
  }
});

test("the first locale variable that is set decides the language", async () => {
  assert.match(await helpOf("sign", { LANG: "zh_CN.UTF-8" }), CHINESE);
  assert.match(await helpOf("sign", { LC_MESSAGES: "zh_TW", LANG: "en_US.UTF-8" }), CHINESE);
  assert.doesNotMatch(await helpOf("sign", { LC_ALL: "C", LANG: "zh_CN.UTF-8" }), CHINESE);
});

test("help and version are found in each of their places", async () => {
  const whole = await helpOf();
  for (const name of COMMANDS) assert.match(whole, new RegExp(`\n {2}${name} +\\S`));
  assert.equal((await run(["-h"])).stdout, whole);
  assert.equal((await run(["help"])).stdout, whole);
  assert.equal((await run(["help", "call"])).stdout, await helpOf("call"));
  assert.equal((await run(["call", "-h"])).stdout, await helpOf("call"));
  assert.match((await run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("an option in the place of the command is told so", async () => {
  for (const [argv, said] of [
    [["--zone", "pek3a", "call", "DescribeZones"], "the command comes first, its options behind it (qingcloud --help)"],
    [["--verion"], "the command comes first, its options behind it; did you mean --version? (qingcloud --help)"],
  ]) {
    const { status, stderr } = await run(argv);
    assert.deepEqual([status, stderr], [2, `qingcloud: ${said}\n`]);
  }
});

test("every example works", async (t) => {
  const served = await serveEmulator({ jobDurationMs: 200 });
  t.after(served.close);
  const place = temporaryFolder();
  t.after(place.remove);
  const env = variablesOf(served);
  const call = async (argv) => JSON.parse((await run(argv, { env })).stdout);
  const volume = await call(["call", "CreateVolumes", "size=10"]);
  const runJson = { image_id: "centos64x86a", instance_type: "small_b", login_mode: "passwd", login_passwd: "QingCloud20130712", vxnets: ["vxnet-0"] };
  const { instances } = await call(["call", "RunInstances", ...Object.entries(runJson).map(([name, value]) => `${name}:=${JSON.stringify(value)}`)]);

  const { url, body } = await call(["sign", "DescribeZones", "--method", "POST"]);
  const files = { "run.json": JSON.stringify(runJson), "failed.txt": `${url}?${body}\n`, "body.txt": `${body}\n` };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place.folder, name), text);
  mkdirSync(join(place.folder, "bin"));
  programs(join(place.folder, "bin"));

  const pages = await Promise.all([undefined, ...COMMANDS].map((name) => helpOf(name)));
  const blocks = pages.flatMap((page) => page.split("\nExamples\n")[1].split("\n\n")[0].split(/^ {2}# .*\n/m).slice(1));
  assert.ok(blocks.length > 15);
  for (const block of new Set(blocks)) {
    const script = block.replace(/^ {2}/gm, "").replace("j-xxxxxxxx", volume.job_id).replace("i-xxxxxxxx", instances[0]).replace("--port 8866", "");
    const [status, output] = await shell(script, place.folder, env);
    // A diagnosis of what is wrong on purpose says so.
    assert.ok(status === 0 || (status === 1 && /^qingcloud diagnose/.test(script)), `${script}${output}`);
  }
});

/** `qingcloud`, and a `curl` for machines that have none. */
function programs(folder) {
  const write = (name, text) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  write("qingcloud", `exec "${process.execPath}" "${program}" "$@"`);
  write("curl", `exec "${process.execPath}" -e 'fetch(process.argv.at(-1)).then(async (r) => console.log(await r.text()))' -- "$@"`);
}

/** Runs a script; an emulator in it is ended after it. Gives status and all that it printed. */
function shell(script, cwd, env) {
  // A server in the foreground would never end: half a second shows that it starts.
  const foreground = /^qingcloud emulator(?!.*&\n)/.test(script);
  const whole = foreground
    ? `timeout --signal=INT 2 ${script}`
    : script.replace(/&\n/, "& emulator=$!\n") + '\nstatus=$?\n[ -z "${emulator:-}" ] || kill "$emulator"\nexit $status';
  const variables = { ...env, PATH: `${join(cwd, "bin")}${delimiter}${process.env.PATH}`, HOME: cwd };
  return new Promise((resolve) => {
    execFile("bash", ["-c", whole], { cwd, env: variables }, (error, stdout, stderr) => {
      // timeout's own status for a command that it had to end.
      const status = foreground && error?.code === 124 ? 0 : (error?.code ?? 0);
      resolve([status, `${stdout}${stderr}`]);
    });
  });
}

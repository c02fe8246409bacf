import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { plain, run, runOnTerminal, temporaryFolder, variablesOf, withoutTerminal } from "./command.js";

let served, env, place;
before(async () => {
  served = await serveEmulator({ jobDurationMs: 1200 });
  env = variablesOf(served);
  place = temporaryFolder();
});
after(() => {
  place.remove();
  return served.close();
});

const show = (argv, options = {}) => runOnTerminal(argv, { env, home: place.folder, ...options });
const COLOUR = /\x1b\[\d/;

describe("on a terminal", { skip: withoutTerminal }, () => {
  test("JSON has colours, and is the same JSON without them", async () => {
    const { status, shown } = await show(["call", "DescribeZones"]);
    assert.equal(status, 0);
    assert.match(shown, /\x1b\[34m"zone_set"\x1b\[39m: \[/);
    assert.equal(JSON.parse(plain(shown)).ret_code, 0);
  });

  test("NO_COLOR and a dumb terminal get none", async () => {
    for (const variable of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      for (const argv of [["call", "DescribeZones"], ["--help"], ["nonsense"]]) {
        assert.doesNotMatch((await show(argv, { env: { ...env, ...variable } })).shown, COLOUR, argv.join(" "));
      }
    }
  });

  test("a pipe gets no colours, whatever else is a terminal", async () => {
    const { stdout } = await show(["call", "DescribeZones"], { stdoutPiped: true });
    assert.doesNotMatch(stdout, COLOUR);
    assert.equal(JSON.parse(stdout).ret_code, 0);
    const piped = await run(["call", "DescribeZones"], { env: { ...env, FORCE_COLOR: "0" }, home: place.folder });
    assert.doesNotMatch(piped.stdout, COLOUR);
  });

  test("tables stay within the width of the terminal", async () => {
    await run(["call", "CreateVolumes", "size=10", "volume_name=一个名字很长很长很长很长很长的硬盘", "--wait"], { env, home: place.folder });
    for (const columns of [60, 80, 120]) {
      for (const argv of [["call", "DescribeVolumes", "-o", "table"], ["actions", "volume"], ["actions", "RunInstances"], ["actions"]]) {
        const lines = plain((await show(argv, { columns })).shown).split("\n");
        const widest = Math.max(...lines.map((line) => [...line].reduce((sum, c) => sum + (/[\u2e80-\uffff]/.test(c) ? 2 : 1), 0)));
        assert.ok(widest <= columns, `${argv.join(" ")}: ${widest} in ${columns}`);
      }
    }
  });

  test("an empty table says so", async () => {
    assert.equal(plain((await show(["call", "DescribeVolumes", "search_word=nothing", "-o", "table"])).shown), "The list is empty.\n");
  });

  test("explain and diagnose speak in words", async () => {
    assert.match(plain((await show(["explain", "DescribeZones"])).shown), /^1\. Parameters, sorted/);
    assert.match(plain((await show(["diagnose", "https://api.qingcloud.com/iaas/?action=DescribeZones"])).shown), /mistakes:\n\n1\. /);
  });

  test("a wait has a bar that goes away, on standard error alone", async () => {
    const created = await run(["call", "CreateVolumes", "size=10", "count:=2"], { env, home: place.folder });
    const { job_id } = JSON.parse(created.stdout);
    const { status, shown, stdout } = await show(["wait", job_id], { stdoutPiped: true });
    assert.equal(status, 0);
    assert.match(plain(shown), /\[\.{24}\] (waiting|0 of 1 jobs done), \d+ s/);
    assert.match(plain(shown), /\[#{24}\] 1 of 1 jobs done, \d+ s/);
    assert.ok(shown.endsWith("\r\x1b[K"));
    assert.equal(JSON.parse(stdout)[0].status, "successful");
    const dumb = await show(["wait", job_id], { stdoutPiped: true, env: { ...env, TERM: "dumb" } });
    assert.equal(dumb.shown, "");
  });

  test("call --wait has one too", async () => {
    const { shown } = await show(["call", "CreateVolumes", "size=10", "--wait"], { stdoutPiped: true });
    assert.match(plain(shown), /1 of 1 jobs done/);
  });

  test("Ctrl+C ends a wait with status 130", async () => {
    // A job that is still under way however long the command takes to start.
    const slow = await serveEmulator({ jobDurationMs: 600_000 });
    const env = variablesOf(slow);
    const created = await run(["call", "CreateVolumes", "size=10"], { env, home: place.folder });
    const { job_id } = JSON.parse(created.stdout);
    const { status, shown } = await show(["wait", job_id], { env, dialogue: [["0 of 1", "\x03"]] });
    await slow.close();
    assert.equal(status, 130);
    assert.match(plain(shown), /qingcloud: interrupted\n$/);
  });

  test("the emulator says how to end it, and Ctrl+C does", async () => {
    const { status, shown } = await show(["emulator"], { dialogue: [["Ctrl+C ends it.", "\x03"]] });
    assert.equal(status, 0);
    assert.match(plain(shown), /^export QINGCLOUD_ENDPOINT='http:\/\/127\.0\.0\.1:\d+\/iaas\/'\n/);
  });

  test("the demonstration shows every step", async () => {
    const { status, shown } = await show(["demo"], { env: {} });
    assert.equal(status, 0);
    for (const step of ["qingcloud sign ", "&signature=", "qingcloud call CreateVolumes ", "1 of 1 jobs done", "volume_id", "plus-for-space", "That was the show."]) {
      assert.ok(plain(shown).includes(step), step);
    }
  });
});

describe("the question for the secret", { skip: withoutTerminal }, () => {
  const id = () => ({ QINGCLOUD_ENDPOINT: env.QINGCLOUD_ENDPOINT, QINGCLOUD_ACCESS_KEY_ID: env.QINGCLOUD_ACCESS_KEY_ID, QINGCLOUD_ZONE: "pek3a" });
  const ask = (argv, answer, options) => show(argv, { env: id(), dialogue: [["(not shown): ", answer]], ...options });

  test("takes the answer without showing it", async () => {
    const secret = env.QINGCLOUD_SECRET_ACCESS_KEY;
    const { status, shown } = await ask(["call", "DescribeZones"], `${secret}\r`);
    assert.equal(status, 0);
    assert.ok(shown.includes(`Secret of ${env.QINGCLOUD_ACCESS_KEY_ID} (not shown): `));
    assert.ok(!shown.includes(secret));
  });

  test("is asked on the terminal also when the output is a pipe", async () => {
    const { status, shown, stdout } = await ask(["sign", "DescribeZones", "--output", "url"], "s3cr3t\r", { stdoutPiped: true });
    assert.equal(status, 0);
    assert.match(stdout, /^http:.*&signature=\S+\n$/);
    assert.ok(!shown.includes("s3cr3t"));
  });

  test("is asked by diagnose", async () => {
    const { status, shown } = await ask(["diagnose", "https://api.qingcloud.com/iaas/?action=DescribeZones"], "s3cr3t\r");
    assert.equal(status, 1);
    assert.ok(!shown.includes("s3cr3t"));
  });

  test("ends with Ctrl+C and with Ctrl+D", async () => {
    assert.equal((await ask(["call", "DescribeZones"], "\x03")).status, 130);
    const { status, shown } = await ask(["call", "DescribeZones"], "\x04");
    assert.equal(status, 2);
    assert.match(plain(shown), /no secret was given/);
  });
});

describe("what a service answers", () => {
  test("cannot move the cursor or turn the direction of writing", async () => {
    const name = "a\u001b[31mred\u009b2J\u202eback\u0007";
    const created = await run(["call", "CreateVolumes", "size=10", `volume_name=${name}`, "--wait"], { env, home: place.folder });
    assert.equal(created.status, 0);
    for (const argv of [["-o", "table"], []]) {
      const { stdout } = await run(["call", "DescribeVolumes", "search_word=red", ...argv], { env, home: place.folder });
      assert.match(stdout, /red/);
      assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

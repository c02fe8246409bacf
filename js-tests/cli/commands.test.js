import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { run, start, temporaryFolder, variablesOf } from "./command.js";

const published = JSON.parse(readFileSync(new URL("../../src/sign/vectors/published.json", import.meta.url), "utf8"));
const sample = published.vectors.find(({ id }) => id === "manual-RunInstances-pek3a");

let served, env, place;
before(async () => {
  served = await serveEmulator({ jobDurationMs: 300 });
  env = variablesOf(served);
  place = temporaryFolder();
});
after(() => {
  place.remove();
  return served.close();
});

const here = (argv, options = {}) => run(argv, { env, home: place.folder, cwd: place.folder, ...options });

/** Runs what must work; gives its JSON. */
async function json(argv, options) {
  const { status, stdout, stderr } = await here(argv, options);
  assert.deepEqual([status, stderr], [0, ""]);
  return JSON.parse(stdout);
}

/** Runs what must fail with one line; gives that line. */
async function failure(status, argv, options) {
  const got = await here(argv, options);
  assert.deepEqual([got.status, got.stdout], [status, ""]);
  assert.match(got.stderr, /^qingcloud: .+\n$/);
  return got.stderr.trimEnd();
}

/** An emulator for one test. */
async function serve(t, options) {
  const own = await serveEmulator(options);
  t.after(own.close);
  return own;
}

const write = (name, content) => writeFileSync(join(place.folder, name), typeof content === "string" ? content : JSON.stringify(content));

describe("sign", () => {
  const sampleEnvironment = { QINGCLOUD_ACCESS_KEY_ID: sample.access_key_id, QINGCLOUD_SECRET_ACCESS_KEY: published.secret_access_key };
  const { action, zone, ...parameters } = sample.input;

  test("the published sample has its published signature, from words and from a file", async () => {
    write("sample.json", parameters);
    const words = Object.entries(parameters).map(([name, value]) => (typeof value === "string" ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`));
    for (const given of [words, ["@sample.json"]]) {
      const argv = ["sign", action, ...given, `time_stamp=${sample.time_stamp}`, "--zone", zone, "--output", "url"];
      assert.deepEqual(await here(argv, { env: sampleEnvironment }), { status: 0, stdout: `${sample.url}\n`, stderr: "" });
    }
  });

  test("without --output the whole request is printed as JSON", async () => {
    const { method, url, headers } = await json(["sign", "DescribeZones"]);
    assert.deepEqual([method, headers], ["GET", {}]);
    assert.ok(url.startsWith(`${served.url}?access_key_id=`));
  });

  test("a POST has its parameters in the body", async () => {
    const { method, url, body } = await json(["sign", "DescribeZones", "--method", "POST"]);
    assert.deepEqual([method, url], ["POST", served.url]);
    assert.match(body, /&signature=/);
    assert.match((await here(["sign", "DescribeZones", "--method", "POST", "--output", "table"])).stdout, /^method +POST\nurl +http/);
  });

  test("a POST has no URL to print", async () => {
    assert.match(await failure(2, ["sign", "DescribeZones", "--method", "POST", "--output", "url"]), /POST/);
  });

  test("what is signed is accepted", async () => {
    const { stdout } = await here(["sign", "DescribeZones", "--expires", "60", "--output", "url"]);
    const answer = await (await fetch(stdout.trim())).json();
    assert.equal(answer.ret_code, 0);
    assert.match(stdout, /&expires=/);
  });

  test("a file on the standard input gives parameters, and words override it", async () => {
    const argv = ["explain", "DescribeInstances", "@-", "limit:=5"];
    const { parameters } = await json(argv, { input: JSON.stringify({ limit: 1, status: ["running"] }) });
    assert.deepEqual(parameters.filter(([name]) => /^(limit|status)/.test(name)), [["limit", "5"], ["status.1", "running"]]);
  });
});

test("explain shows every step, as JSON and in words", async () => {
  const steps = await json(["explain", "DescribeInstances", "status.1=running"]);
  assert.equal(steps.stringToSign, `GET\n/iaas/\n${steps.canonicalQuery}`);
  assert.ok(steps.url.endsWith(`&signature=${encodeURIComponent(steps.signature)}`));
  const { stdout } = await here(["explain", "DescribeInstances", "status.1=running", "--output", "table"]);
  assert.match(stdout, /^1\. .*\n {3}access_key_id +QY/);
  assert.match(stdout, /\n {3}status\.1 +running\n/);
});

test("an action that nobody knows is signed all the same, and what it may have meant is told", async () => {
  for (const command of ["sign", "explain"]) {
    const { status, stdout, stderr } = await here([command, "DescribeInstance", "--output", "json"]);
    assert.deepEqual([status, stderr], [0, "qingcloud: no known action is called DescribeInstance; did you mean DescribeInstances?\n"]);
    assert.match(stdout, /action=DescribeInstance&/);
    assert.deepEqual((await here([command, "SomethingNew", "--output", "json"])).stderr, "");
  }
});

describe("call", () => {
  test("the answer is printed as it came", async () => {
    const answer = await json(["call", "DescribeZones"]);
    assert.equal(answer.ret_code, 0);
    assert.ok(answer.zone_set.some(({ zone_id }) => zone_id === "pek3a"));
  });

  test("--wait waits for the job, and --all follows the pages", async () => {
    const { volumes } = await json(["call", "CreateVolumes", "size=10", "count:=3", "volume_name=数据", "--wait"]);
    assert.equal(volumes.length, 3);
    const items = await json(["call", "DescribeVolumes", "limit:=2", "volumes:=" + JSON.stringify(volumes), "--all"]);
    assert.deepEqual(items.map(({ volume_id, status }) => [volume_id, status]).sort(), volumes.sort().map((id) => [id, "available"]));
    assert.equal((await json(["call", "DescribeVolumes", "--all", "--max-items", "2"])).length, 2);
  });

  test("--timeout ends a wait too, and what was accepted meanwhile is shown", async (t) => {
    const { url, emulator } = await serve(t, { jobDurationMs: 60_000 });
    const line = await failure(3, ["call", "CreateVolumes", "size=10", "--wait", "--timeout", "1"], { env: variablesOf({ url, emulator }) });
    assert.match(line, /accepted: \{.*"volumes":\["vol-\w+"\].*"job_id":"j-\w+"/);
  });

  test("--all of an action without pages is told as that", async () => {
    assert.match(await failure(2, ["call", "DescribeZones", "--all"]), /DescribeZones has no pages; leave --all away/);
  });

  test("a table lines up, Chinese names too, and an empty one is empty", async () => {
    await json(["call", "CreateVolumes", "size=20", "volume_name=备份", "--wait"]);
    const { stdout } = await here(["call", "DescribeVolumes", "search_word=备份", "--output", "table"]);
    const [head, row] = stdout.split("\n");
    assert.match(head, /^volume_id +volume_name +status /);
    assert.match(row, /^vol-\w+ +备份 +available /);
    // Two characters that are two columns wide each.
    assert.equal(row.indexOf("available"), head.indexOf("status") - 2);
    assert.deepEqual(await here(["call", "DescribeVolumes", "search_word=nothing", "--output", "table"]), { status: 0, stdout: "", stderr: "" });
  });

  test("an answer without a list is a table of its fields", async () => {
    const { stdout } = await here(["call", "CreateVolumes", "size=10", "--output", "table"]);
    assert.match(stdout, /^action +CreateVolumesResponse\nvolumes +\["vol-\w+"\]\n/);
  });

  test("a refusal of the service has status 1", async () => {
    assert.match(await failure(1, ["call", "DeleteVolumes", "volumes.1=vol-notthere"]), /ret_code 2100/);
    const wrong = { env: { ...env, QINGCLOUD_SECRET_ACCESS_KEY: "another" } };
    assert.match(await failure(1, ["call", "DescribeZones"], wrong), /ret_code 1200/);
  });

  test("an action with a mistake in its name is told the right one", async () => {
    assert.match(await failure(1, ["call", "DescribeInstance"]), /did you mean DescribeInstances\?$/);
  });

  test("no answer has status 3", async (t) => {
    const gone = await serve(t);
    await gone.close();
    assert.match(await failure(3, ["call", "DescribeZones", "--endpoint", gone.url, "--attempts", "1"]), /ECONNREFUSED/);
    const [broken, html] = await Promise.all([{ httpStatus: 502 }, "html"].map((fault) => serve(t, { faults: [{ fault }] })));
    for (const { url, emulator } of [broken, html]) {
      const argv = ["call", "DescribeZones", "--endpoint", url, "--attempts", "1"];
      await failure(3, argv, { env: variablesOf({ url, emulator }) });
    }
  });

  test("a lost answer says when and where to look", async (t) => {
    const lossy = await serve(t, { faults: [{ action: "CreateVolumes", fault: "lost" }] });
    const line = await failure(3, ["call", "CreateVolumes", "size=10"], { env: variablesOf(lossy) });
    assert.match(line, /failed \(\w+\); whether it was carried out is unknown; look with DescribeVolumes after \d{4}-[\d:.T-]+Z \(req_id [\w-]+\)$/);
    assert.equal(lossy.emulator.requests.length, 1);
  });

  test("--timeout ends a call that is not answered", async (t) => {
    const slow = await serve(t, { faults: [{ fault: "hang" }] });
    await failure(3, ["call", "DescribeZones", "--timeout", "1"], { env: variablesOf(slow) });
  });

  test("--read-only refuses what changes something, before it is sent", async () => {
    const before = served.emulator.requests.length;
    await failure(2, ["call", "CreateVolumes", "size=10", "--read-only"]);
    assert.equal(served.emulator.requests.length, before);
    await json(["call", "DescribeZones", "--read-only"]);
  });

  test("--verbose tells requests and retries on standard error, and no secret", async (t) => {
    const busy = await serve(t, { faults: [{ times: 1, fault: { retCode: 5300 } }] });
    const { status, stderr } = await here(["call", "DescribeZones", "--verbose"], { env: variablesOf(busy) });
    assert.equal(status, 0);
    assert.match(stderr, /^> DescribeZones pek3a: attempt 1, GET to 127\.0\.0\.1:\d+, req_id .+\n< DescribeZones pek3a: HTTP 200, ret_code 5300, \d+ ms\n\* .+ again in \d+ ms\n> .+ attempt 2/);
    assert.doesNotMatch(stderr, /signature|http:/);
  });

  test("an interrupted call has status 130", async (t) => {
    const slow = await serve(t, { faults: [{ fault: "hang" }] });
    const { child, ended } = start(["call", "DescribeZones"], { env: variablesOf(slow), home: place.folder });
    while (slow.emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    assert.deepEqual(await ended, { status: 130, stdout: "", stderr: "qingcloud: interrupted\n" });
  });
});

describe("wait", () => {
  test("jobs are waited for by their ids", async () => {
    const { job_id } = await json(["call", "CreateVolumes", "size=10"]);
    const [job] = await json(["wait", job_id]);
    assert.deepEqual([job.job_id, job.status], [job_id, "successful"]);
    assert.match((await here(["wait", job_id, "--output", "table"])).stdout, new RegExp(`^job_id .*\n${job_id} +successful `));
  });

  test("resources are waited for until they have a status", async () => {
    const { volumes } = await json(["call", "CreateVolumes", "size=10"]);
    const items = await json(["wait", "DescribeVolumes", `volumes.1=${volumes[0]}`, "--status", "available,in-use"]);
    assert.deepEqual(items.map(({ status }) => status), ["available"]);
  });

  test("a failed job has status 1, one that takes too long 3", async (t) => {
    const failing = await serve(t, { jobDurationMs: 100, faults: [{ action: "CreateVolumes", fault: { job: "failed" } }] });
    const variables = { env: variablesOf(failing) };
    const { job_id } = await json(["call", "CreateVolumes", "size=10"], variables);
    assert.match(await failure(1, ["wait", job_id], variables), new RegExp(`${job_id}.*failed`));
    const slow = await serve(t, { jobDurationMs: 60_000 });
    const slowly = { env: variablesOf(slow) };
    const { job_id: lasting } = await json(["call", "CreateVolumes", "size=10"], slowly);
    await failure(3, ["wait", lasting, "--timeout", "1"], slowly);
  });

  test("it says what it needs", async () => {
    assert.match(await failure(2, ["wait"]), /jobs/);
    assert.match(await failure(2, ["wait", "DescribeVolumes"]), /--status/);
    assert.match(await failure(2, ["wait", "j-1", "--status", "running"]), /--status/);
  });
});

describe("actions", () => {
  test("every action is listed with its service", async () => {
    const { status, stdout } = await here(["actions"]);
    const lines = stdout.trimEnd().split("\n");
    assert.deepEqual([status, lines.length], [0, 1 + 414]);
    assert.ok(lines.some((line) => /^instance +RunInstances +create +\S/.test(line)));
  });

  test("a service, a word and JSON narrow and shape the list", async () => {
    assert.match((await here(["actions", "volume"])).stdout, /^service .*\nvolume +AttachVolumes +change /);
    const found = await json(["actions", "--search", "硬盘", "--output", "json"]);
    assert.ok(found.some(({ action }) => action === "CreateVolumes"));
    assert.match(await failure(2, ["actions", "--search", "zzzz"]), /no action/);
  });

  test("an action's parameters are a table, whatever the case of its name", async () => {
    const { stdout } = await here(["actions", "addprojectmember"]);
    assert.match(stdout, /^AddProjectMember {2}Projects · create\n/);
    assert.match(stdout, /\nproject_members +list of project_member_input +yes +JSON +The people/);
    assert.match(stdout, /\nproject_member_name +string +yes\n/);
    assert.match(stdout, /\n\$ qingcloud call AddProjectMember project_id=… project_members:='\[…\]'\n$/);
    const all = await json(["actions", "AddProjectMember", "--output", "json"]);
    assert.deepEqual(Object.keys(all.structures), ["project_members"]);
  });

  test("secrets are marked, and the texts follow the language", async () => {
    assert.match((await here(["actions", "RunInstances"])).stdout, /\nlogin_passwd .*secret/);
    assert.match((await here(["actions", "RunInstances"], { env: { LC_ALL: "zh_CN.UTF-8" } })).stdout, /创建并启动云服务器/);
  });

  test("a name that does not exist is told the nearest", async () => {
    assert.match(await failure(2, ["actions", "RunInstanses"]), /did you mean RunInstances\?/);
    assert.match(await failure(2, ["actions", "RunInstances", "StopInstances"]), /one/);
  });
});

describe("emulator", () => {
  test("it prints shell variables, serves, and ends when it is told to", async () => {
    const { child, ended, printed } = start(["emulator", "jobDurationMs:=0", "seed:=5"], { home: place.folder });
    const exports = await printed(/QINGCLOUD_ZONE/);
    const variables = Object.fromEntries([...exports.matchAll(/^export (\w+)='([^']*)'$/gm)].map(([, name, value]) => [name, value]));
    assert.deepEqual(Object.keys(variables), ["QINGCLOUD_ENDPOINT", "QINGCLOUD_ACCESS_KEY_ID", "QINGCLOUD_SECRET_ACCESS_KEY", "QINGCLOUD_ZONE"]);
    assert.equal((await json(["call", "DescribeZones"], { env: variables })).ret_code, 0);
    child.kill("SIGTERM");
    const { status, stderr } = await ended;
    assert.deepEqual([status, stderr], [0, ""]);
  });

  test("it prints JSON for programs", async () => {
    const { child, ended, printed } = start(["emulator", "--output", "json"], { home: place.folder });
    const { url, accessKeyId } = JSON.parse(await printed(/\}\n/));
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/iaas\/$/);
    assert.match(accessKeyId, /^QY/);
    child.kill("SIGINT");
    assert.equal((await ended).status, 0);
  });

  test("a port that is taken and an option that is unknown are errors", async () => {
    assert.match(await failure(2, ["emulator", "--port", new URL(served.url).port]), /EADDRINUSE/);
    assert.match(await failure(2, ["emulator", "jobs:=1"]), /jobs/);
  });
});

describe("what is wrong with a command line", () => {
  test("is said in one line with status 2", async () => {
    write("list.json", [1]);
    write("broken.json", "{");
    const cases = [
      [["frobnicate"], /no command/],
      [["sing"], /did you mean sign\?/],
      [["sign"], /name an action/],
      [["sign", "a=b"], /action comes first/],
      [["sign", "DescribeZones", "word"], /name=value/],
      [["sign", "DescribeZones", "a=1", "a=2"], /a is given twice/],
      [["sign", "DescribeZones", "a:=[1"], /a:= is not valid JSON/],
      [["sign", "DescribeZones", "a:=12345678901234567890"], /too large/],
      [["sign", "DescribeZones", "@missing.json"], /missing\.json cannot be read \(ENOENT\)/],
      [["sign", "DescribeZones", "@list.json"], /must hold a JSON object/],
      [["sign", "DescribeZones", "@broken.json"], /not valid JSON/],
      [["sign", "DescribeZones", "--zon", "pek3a"], /unknown option --zon; did you mean --zone\?/],
      [["sign", "DescribeZones", "--zone"], /--zone needs a value/],
      [["sign", "DescribeZones", "--zone", "--method", "GET"], /--zone needs a value/],
      [["sign", "DescribeZones", "--output", "xml"], /one of json, table, url/],
      [["sign", "DescribeZones", "--method", "PUT"], /one of GET, POST/],
      [["sign", "DescribeZones", "--expires", "0"], /whole number/],
      [["call", "DescribeZones", "--all=yes"], /takes no value/],
      [["call", "DescribeZones", "--all", "--wait"], /exclude each other/],
      [["call", "DescribeZones", "--max-items", "3"], /needs --all/],
      [["call", "DescribeZones", "--endpoint", "http://example.com/iaas/"], /allowInsecureHttp/],
      [["call", "DescribeZones", "signature=x"], /signature/],
      [["call", "RunInstances", "--zone", "pek3a"], /: "image_id" must be a string, got nothing; "login_mode" must be /],
      [["diagnose"], /URL/],
    ];
    for (const [argv, pattern] of cases) assert.match(await failure(2, argv), pattern, argv.join(" "));
  });

  test("no command at all gives the help, on standard error", async () => {
    const { status, stdout, stderr } = await here([]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /Commands\n/);
  });
});

describe("the key", () => {
  const nothing = { env: {} };

  test("is looked for in environment and configuration file, and the error names both", async () => {
    const line = await failure(2, ["sign", "DescribeZones"], nothing);
    assert.match(line, /no access key: environment: .*QINGCLOUD_ACCESS_KEY_ID.*; config file ~\/\.qingcloud\/config\.yaml/);
  });

  test("comes from a configuration file, with zone and endpoint", async () => {
    const { hostname, port } = new URL(served.url);
    const lines = {
      qy_access_key_id: env.QINGCLOUD_ACCESS_KEY_ID, qy_secret_access_key: env.QINGCLOUD_SECRET_ACCESS_KEY,
      zone: "pek3a", protocol: "http", host: hostname, port, uri: "/iaas/",
    };
    write("config.yaml", Object.entries(lines).map(([name, value]) => `${name}: '${value}'\n`).join(""));
    const { status, stdout, stderr } = await here(["call", "DescribeZones", "--config", "config.yaml"], nothing);
    assert.deepEqual([status, JSON.parse(stdout).ret_code], [0, 0]);
    // Files of a test are readable by everybody.
    assert.match(stderr, /^qingcloud: warning: .*chmod 600.*\n$/);
  });

  test("comes from the home's configuration file, whose zone and endpoint give way to the environment's", async () => {
    const home = temporaryFolder();
    mkdirSync(join(home.folder, ".qingcloud"));
    writeFileSync(join(home.folder, ".qingcloud/config.yaml"), "qy_access_key_id: id\nqy_secret_access_key: secret\nzone: pek3a\n", { mode: 0o600 });
    const signed = async (variables) => {
      const { status, stdout, stderr } = await run(["sign", "DescribeInstances", "-o", "url"], { env: variables, home: home.folder });
      assert.deepEqual([status, stderr], [0, ""]);
      const url = new URL(stdout.trim());
      return [url.origin + url.pathname, url.searchParams.get("access_key_id"), url.searchParams.get("zone")];
    };
    assert.deepEqual(await signed({}), ["https://api.qingcloud.com/iaas/", "id", "pek3a"]);
    assert.deepEqual(await signed({ QINGCLOUD_ENDPOINT: "http://127.0.0.1:1/iaas/", QINGCLOUD_ZONE: "sh1a" }), ["http://127.0.0.1:1/iaas/", "id", "sh1a"]);
    home.remove();
  });

  test("comes from a file with the secret, whose line end is not part of it", async () => {
    write("secret", `${env.QINGCLOUD_SECRET_ACCESS_KEY}\r\n`);
    const { QINGCLOUD_SECRET_ACCESS_KEY: _, ...rest } = env;
    assert.equal((await json(["call", "DescribeZones", "--secret-file", "secret"], { env: rest })).ret_code, 0);
    const { QINGCLOUD_ACCESS_KEY_ID: id, ...noKey } = rest;
    assert.equal((await json(["call", "DescribeZones", "--access-key-id", id, "--secret-file", "secret"], { env: noKey })).ret_code, 0);
    write("empty", "\n");
    assert.match(await failure(2, ["call", "DescribeZones", "--secret-file", "empty"], { env: rest }), /is empty/);
    assert.match(await failure(2, ["call", "DescribeZones", "--secret-file", "none"], { env: rest }), /cannot be read/);
    assert.match(await failure(2, ["call", "DescribeZones", "--secret-file", "secret"], { env: noKey }), /--access-key-id/);
  });

  test("is never half of one source and half of another", async () => {
    const { QINGCLOUD_SECRET_ACCESS_KEY: _, ...rest } = env;
    assert.match(await failure(2, ["call", "DescribeZones"], { env: rest }), /no secret for this access key/);
  });

  test("is refused as an argument, and not repeated", async () => {
    for (const option of ["--secret-access-key", "--secret", "--password", "--token"]) {
      for (const argv of [[option, "s3cr3t"], [`${option}=s3cr3t`]]) {
        const line = await failure(2, ["sign", "DescribeZones", ...argv], nothing);
        assert.match(line, /never an argument/);
        assert.doesNotMatch(line, /s3cr3t/);
      }
    }
  });
});

test("no secret is in anything that was printed or sent, the emulator's own key aside", async () => {
  const secret = env.QINGCLOUD_SECRET_ACCESS_KEY;
  const outputs = await Promise.all([
    here(["sign", "DescribeZones"]),
    here(["explain", "DescribeZones"]),
    here(["call", "DescribeZones", "--verbose"]),
    here(["call", "Nonsense"]),
    here(["call", "DescribeZones", "--config", "nowhere"]),
    here(["sign", "DescribeZones", `--secret=${secret}`]),
    here(["sign", "DescribeZones", secret]),
    here(["actions", secret]),
    here([secret]),
  ]);
  for (const { stdout, stderr } of outputs) assert.ok(!`${stdout}${stderr}`.includes(secret));
  assert.ok(!JSON.stringify(served.emulator.requests).includes(secret));
});

test("a reader that goes away ends the command quietly", async () => {
  const { child, ended } = start(["actions"], { home: place.folder });
  child.stdout.destroy();
  const { stderr } = await ended;
  assert.equal(stderr, "");
});

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run, temporaryFolder } from "./command.js";

const ID = "QYACCESSKEYIDEXAMPLE";
const SECRET = "SECRETACCESSKEY";
const SENT = "2013-08-27T14:30:10Z";
const env = { QINGCLOUD_SECRET_ACCESS_KEY: SECRET };

let place;
before(() => {
  place = temporaryFolder();
});
after(() => place.remove());

const write = (name, content) => writeFileSync(join(place.folder, name), content);

/** Sorted and encoded; `space` is how a space is written. */
function queryOf(space = "%20") {
  const pairs = {
    access_key_id: ID, action: "DescribeInstances", search_word: `two${space}words`, signature_method: "HmacSHA256",
    signature_version: 1, time_stamp: encodeURIComponent(SENT), version: 1, zone: "pek3a",
  };
  return Object.entries(pairs).map(([name, value]) => `${name}=${value}`).join("&");
}

const signatureOf = (text) => encodeURIComponent(createHmac("sha256", SECRET).update(text).digest("base64"));
const urlOf = (query, signed = `GET\n/iaas/\n${query}`) => `https://api.qingcloud.com/iaas/?${query}&signature=${signatureOf(signed)}`;

const GOOD = urlOf(queryOf());
const PLUS = urlOf(queryOf("+"));

test("a time without a zone is UTC, as time stamps are", async () => {
  const options = { env: { ...env, TZ: "Asia/Shanghai" }, home: place.folder };
  for (const time of ["2013-08-27 14:30:10", "2013-08-27T14:30:10", "2013-08-27T22:30:10+08:00"]) {
    assert.equal((await run(["diagnose", GOOD, "--time", time], options)).status, 0, time);
  }
});

/** Runs the diagnosis; gives status and what it found. */
async function diagnosed(argv, options = {}) {
  const { status, stdout, stderr } = await run(["diagnose", ...argv, "--time", SENT], { env, home: place.folder, cwd: place.folder, ...options });
  assert.equal(stderr, "");
  assert.ok(!stdout.includes(SECRET));
  const { right, mistakes } = JSON.parse(stdout);
  return { status, right, codes: mistakes.map(({ code }) => code) };
}

const RIGHT = { status: 0, right: true, codes: [] };
const WITH_PLUS = { status: 1, right: false, codes: ["plus-for-space"] };

test("a right URL is called right, and a mistake is named", async () => {
  assert.deepEqual(await diagnosed([GOOD]), RIGHT);
  assert.deepEqual(await diagnosed([PLUS]), WITH_PLUS);
});

test("the evidence comes from a file, the standard input or a curl line, however it is quoted", async () => {
  write("url.txt", `${PLUS}\n`);
  write("line.sh", `curl -s \\\n  -H "accept: application/json" \\\n  '${PLUS}'\n`);
  const ways = [
    [["@url.txt"]],
    [["-"], { input: `${PLUS}\n` }],
    [["@line.sh"]],
    [[`curl '${PLUS}'`]],
    [[`curl --max-time 5 --url "${PLUS}" -o out.json`]],
    [[`curl -XGET $'${PLUS}'`]],
    [[`curl ${PLUS.replaceAll("&", "\\&")}`]],
    // The shell has taken the line apart already.
    [["--", "curl", "-s", PLUS]],
  ];
  for (const [argv, options] of ways) {
    // What follows "--" is all evidence: the time stands before it.
    if (argv[0] !== "--") assert.deepEqual(await diagnosed(argv, options), WITH_PLUS, argv.join(" "));
    else {
      const { status, stdout } = await run(["diagnose", "--time", SENT, ...argv], { env, home: place.folder });
      assert.deepEqual([status, JSON.parse(stdout).mistakes[0].code], [1, "plus-for-space"]);
    }
  }
});

test("a POST comes as a curl line, or with its body", async () => {
  const body = `${queryOf()}&signature=${signatureOf(`POST\n/iaas/\n${queryOf()}`)}`;
  const wrong = `${queryOf()}&signature=${signatureOf(`GET\n/iaas/\n${queryOf()}`)}`;
  write("body.txt", `${body}\n`);
  const address = "https://api.qingcloud.com/iaas/";
  assert.deepEqual(await diagnosed([address, "--method", "POST", "--body", "@body.txt"]), RIGHT);
  assert.deepEqual(await diagnosed([address, "--body", body]), RIGHT);
  const [first, ...rest] = body.split("&");
  for (const line of [`curl ${address} -d '${body}'`, `curl --data-raw='${body}' ${address}`, `curl -d '${first}' -d '${rest.join("&")}' ${address}`]) {
    assert.deepEqual(await diagnosed([line]), RIGHT, line);
  }
  assert.deepEqual((await diagnosed([`curl ${address} -d '${wrong}'`])).codes, ["wrong-verb"]);
  assert.deepEqual(await diagnosed([`curl -G ${address} -d '${queryOf()}' --data-urlencode 'signature=${decodeURIComponent(signatureOf(`GET\n/iaas/\n${queryOf()}`))}'`]), RIGHT);
});

test("a string to sign is compared with what it should be", async () => {
  write("right.txt", `GET\n/iaas/\n${queryOf()}\n`);
  write("wrong.txt", `GET\n/iaas/\n${queryOf("+")}\n`);
  assert.deepEqual(await diagnosed(["@right.txt"]), RIGHT);
  assert.equal((await diagnosed(["@wrong.txt"])).status, 1);
});

test("time decides whether a signature is stale", async () => {
  const { status, stdout } = await run(["diagnose", GOOD], { env, home: place.folder });
  assert.deepEqual([status, JSON.parse(stdout).mistakes.map(({ code }) => code)], [1, ["stale-time-stamp"]]);
});

test("in words, in the language of the environment", async () => {
  const inWords = async (LC_ALL) => (await run(["diagnose", PLUS, "--time", SENT, "--output", "table"], { env: { ...env, LC_ALL }, home: place.folder })).stdout;
  assert.match(await inWords("C"), /^One mistake:\n\n1\. plus-for-space {2}explains the signature\n {3}A space/);
  assert.match(await inWords("C"), /\n {3}expected %20words/);
  assert.match(await inWords("zh_CN.UTF-8"), /^发现 1 处错误：\n\n1\. plus-for-space/);
  const right = await run(["diagnose", GOOD, "--time", SENT, "--output", "table"], { env, home: place.folder });
  assert.equal(right.stdout, "The signature is right.\n");
});

test("what is no evidence has status 2, and nothing of it is repeated", async () => {
  write("data.txt", "x");
  const cases = [
    [["secret words"], /no URL/],
    [["https://a", "https://b"], /single quotes/],
    [["curl -s"], /no URL in this curl line/],
    [["curl https://a/iaas/ -d @data.txt"], /--body @FILE/],
    [["@none.txt"], /cannot be read/],
    [[GOOD, "--time", "yesterday"], /--time must be/],
    [[GOOD, "--secret-file", "none"], /cannot be read/],
  ];
  for (const [argv, pattern] of cases) {
    const { status, stdout, stderr } = await run(["diagnose", ...argv], { env, home: place.folder, cwd: place.folder });
    assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
    assert.match(stderr, pattern);
    assert.doesNotMatch(stderr, /secret words/);
  }
  const { status, stderr } = await run(["diagnose", GOOD], { home: place.folder });
  assert.equal(status, 2);
  assert.match(stderr, /QINGCLOUD_SECRET_ACCESS_KEY or use --secret-file/);
});

// Where keys come from under Node.js: the environment, the file, the instance, one after another.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { QingCloudClient, QingCloudError } from "qingcloud-wasm";
import { chain, fromConfigFile, fromEnv, fromInstanceMetadata } from "qingcloud-wasm/node";

const ID = "QYACCESSKEYIDEXAMPLE";
const SECRET = "SECRETACCESSKEYEXAMPLE";
const folder = mkdtempSync(join(tmpdir(), "qingcloud-"));
after(() => rmSync(folder, { recursive: true }));

/** A config file with this content, readable by its owner alone unless said otherwise. */
function fileOf(content, mode = 0o600) {
  const path = join(folder, `${Math.random()}.yaml`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** Asserts that `work` fails with kind credentials and these words, and that the secret is nowhere in the error. */
async function assertRefuses(work, words, secret = SECRET) {
  await assert.rejects(async () => work(), (error) => {
    assert.equal(error.kind, "credentials");
    for (const word of [words].flat()) assert.ok(error.message.includes(word), error.message);
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(secret), error.message);
    return true;
  });
}

test("the environment gives options that sign at once", () => {
  const options = fromEnv({ QINGCLOUD_ACCESS_KEY_ID: ID, QINGCLOUD_SECRET_ACCESS_KEY: SECRET, QINGCLOUD_ZONE: "pek3", QINGCLOUD_ENDPOINT: "https://api.example.com/iaas" });
  assert.deepEqual(options, { accessKeyId: ID, secretAccessKey: SECRET, zone: "pek3", endpoint: "https://api.example.com/iaas" });
  const url = new URL(new QingCloudClient(options).signUrl("DescribeInstances"));
  assert.deepEqual([url.origin, url.pathname, url.searchParams.get("zone")], ["https://api.example.com", "/iaas", "pek3"]);
});

test("the line end of a file that was read into a variable is no part of a key", () => {
  assert.deepEqual(fromEnv({ QINGCLOUD_ACCESS_KEY_ID: "id\n", QINGCLOUD_SECRET_ACCESS_KEY: " secret\r\n", QINGCLOUD_ZONE: "\n" }), { accessKeyId: "id", secretAccessKey: "secret" });
});

test("the variables of the terraform provider do as well, ours before them", () => {
  const terraform = { QINGCLOUD_ACCESS_KEY: "other", QINGCLOUD_SECRET_KEY: "other secret" };
  assert.deepEqual(fromEnv(terraform), { accessKeyId: "other", secretAccessKey: "other secret" });
  assert.equal(fromEnv({ ...terraform, QINGCLOUD_ACCESS_KEY_ID: ID, QINGCLOUD_SECRET_ACCESS_KEY: SECRET }).accessKeyId, ID);
});

test("half a pair is never filled up with another key's half", async () => {
  await assertRefuses(() => fromEnv({ QINGCLOUD_ACCESS_KEY_ID: ID, QINGCLOUD_SECRET_KEY: SECRET }), "QINGCLOUD_SECRET_ACCESS_KEY is not");
  await assertRefuses(() => fromEnv({ QINGCLOUD_SECRET_ACCESS_KEY: SECRET }), "QINGCLOUD_ACCESS_KEY_ID is not");
  await assertRefuses(() => fromEnv({ QINGCLOUD_ACCESS_KEY_ID: "", QINGCLOUD_ACCESS_KEY: ID }), "QINGCLOUD_SECRET_KEY is not");
});

test("an environment without a key says what was looked for", async () => {
  await assertRefuses(() => fromEnv({}), ["QINGCLOUD_ACCESS_KEY_ID", "QINGCLOUD_SECRET_ACCESS_KEY", "QINGCLOUD_ACCESS_KEY", "QINGCLOUD_SECRET_KEY"]);
});

test("the environment is the process's unless given", () => {
  Object.assign(process.env, { QINGCLOUD_ACCESS_KEY_ID: ID, QINGCLOUD_SECRET_ACCESS_KEY: SECRET });
  try {
    assert.equal(fromEnv().accessKeyId, ID);
  } finally {
    delete process.env.QINGCLOUD_ACCESS_KEY_ID;
    delete process.env.QINGCLOUD_SECRET_ACCESS_KEY;
  }
});

test("the official tools' file gives key, zone and endpoint", () => {
  const minimal = `qy_access_key_id: '${ID}'\nqy_secret_access_key: '${SECRET}'\nzone: 'pek3'\n`;
  assert.deepEqual(fromConfigFile(fileOf(minimal)), { accessKeyId: ID, secretAccessKey: SECRET, zone: "pek3" });
  const full = `${minimal}host: 'api.example.com'\nport: 443\nprotocol: 'https'\nuri: '/iaas'\nconnection_retries: 3\nlog_level: 'warn'\n`;
  assert.equal(fromConfigFile(fileOf(full)).endpoint, "https://api.example.com:443/iaas");
});

test("an endpoint in the file is as complete as it can be", () => {
  const endpointOf = (lines) => fromConfigFile(fileOf(`qy_access_key_id: ${ID}\nqy_secret_access_key: ${SECRET}\n${lines}`)).endpoint;
  assert.equal(endpointOf(""), undefined);
  assert.equal(endpointOf("host: api.example.com"), "https://api.example.com/iaas/");
  assert.equal(endpointOf("uri: iaas//x/"), "https://api.qingcloud.com/iaas/x/");
  assert.equal(endpointOf("protocol: http\nhost: 127.0.0.1\nport: 7777"), "http://127.0.0.1:7777/iaas/");
  assert.equal(endpointOf("host: '::1'\nprotocol: http"), "http://[::1]/iaas/");
});

test("values are text, whatever they look like", () => {
  const file = fileOf("qy_access_key_id: 0123\nqy_secret_access_key: 1e10\nzone: no\n");
  assert.deepEqual(fromConfigFile(file), { accessKeyId: "0123", secretAccessKey: "1e10", zone: "no" });
});

test("a file that does not do says why, and never what it holds", async () => {
  await assertRefuses(() => fromConfigFile(join(folder, "none.yaml")), ["none.yaml", "ENOENT"]);
  await assertRefuses(() => fromConfigFile(folder), "not a file");
  await assertRefuses(() => fromConfigFile(fileOf(`qy_access_key_id: ${ID}\n`)), "qy_secret_access_key is missing");
  await assertRefuses(() => fromConfigFile(fileOf("zone: pek3\n")), "qy_access_key_id and qy_secret_access_key are missing");
  await assertRefuses(() => fromConfigFile(fileOf(`qy_access_key_id: ${ID}\nqy_secret_access_key: "${SECRET}\n`)), "not valid YAML (line ");
  await assertRefuses(() => fromConfigFile(fileOf(`qy_secret_access_key: ${SECRET}\nqy_secret_access_key: ${SECRET}\n`)), "not valid YAML");
  await assertRefuses(() => fromConfigFile(fileOf(`a: &a ${SECRET}\nb: *a\n`)), "not valid YAML");
  await assertRefuses(() => fromConfigFile(fileOf(`- ${SECRET}\n`)), "no names and values");
  await assertRefuses(() => fromConfigFile(fileOf("")), "no names and values");
  await assertRefuses(() => fromConfigFile(fileOf(`qy_access_key_id: ${ID}\nqy_secret_access_key: [${SECRET}]\n`)), "qy_secret_access_key must be a plain value");
  await assertRefuses(() => fromConfigFile(fileOf(`qy_access_key_id: ${ID}\nqy_secret_access_key: ${SECRET}\nport: many\n`)), "port must be a number");
  await assertRefuses(() => fromConfigFile(fileOf("#".repeat(1024 * 1024 + 1))), "larger than 1 MB");
});

test("a pipe is no file, and is not waited for", { skip: process.platform === "win32" }, async () => {
  const pipe = join(folder, "pipe.yaml");
  execFileSync("mkfifo", [pipe]);
  await assertRefuses(() => fromConfigFile(pipe), "not a file");
});

test("a tag in the file makes nothing but text", () => {
  const file = fileOf(`qy_access_key_id: !!python/object/apply:os.system ["true"]\n`);
  return assertRefuses(() => fromConfigFile(file), "must be a plain value");
});

test("a file that others can read is warned of, one of the owner's alone is not", { skip: process.platform === "win32" }, async () => {
  const warnings = [];
  const collect = (warning) => warnings.push(warning);
  process.on("warning", collect);
  const content = `qy_access_key_id: ${ID}\nqy_secret_access_key: ${SECRET}\n`;
  for (const mode of [0o600, 0o400]) fromConfigFile(fileOf(content, mode));
  await new Promise(setImmediate);
  assert.deepEqual(warnings, []);
  for (const mode of [0o644, 0o640, 0o602]) fromConfigFile(fileOf(content, mode));
  await new Promise(setImmediate);
  process.off("warning", collect);
  assert.equal(warnings.length, 3);
  assert.match(warnings[0].message, /other users .* chmod 600/);
  assert.ok(!warnings.some(({ message }) => message.includes(SECRET)));
});

test("the file is the home folder's unless given", async () => {
  const { HOME } = process.env;
  process.env.HOME = folder;
  try {
    if (homedir() !== folder) return; // Windows names it otherwise.
    await assertRefuses(() => fromConfigFile(), "~/.qingcloud/config.yaml");
    mkdirSync(join(folder, ".qingcloud"));
    writeFileSync(join(folder, ".qingcloud/config.yaml"), `qy_access_key_id: ${ID}\nqy_secret_access_key: ${SECRET}\n`, { mode: 0o600 });
    assert.equal(fromConfigFile().accessKeyId, ID);
    assert.equal(fromConfigFile("~/.qingcloud/config.yaml").accessKeyId, ID);
  } finally {
    process.env.HOME = HOME;
  }
});

const ROLE = { jti: "0z7d", id_token: "TOKENEXAMPLE", access_key: "ROLEKEYEXAMPLE", secret_key: SECRET, expiration: 1_900_000_000 };

/** Serves `answer(req, res)` as the metadata address, while `use(url)` runs. */
async function withMetadata(answer, use) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${server.address().port}/latest/meta-data/security-credentials`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("an instance gives its role's key, as JSON or as JSON within a JSON string", async () => {
  for (const body of [JSON.stringify(ROLE), JSON.stringify(JSON.stringify(ROLE)), JSON.stringify({ ...ROLE, expiration: "1900000000" })]) {
    const asked = [];
    const credentials = await withMetadata((req, res) => {
      asked.push([req.method, req.url, req.headers.accept]);
      res.end(body);
    }, (url) => fromInstanceMetadata({ url })());
    assert.deepEqual(credentials, { accessKeyId: "ROLEKEYEXAMPLE", secretAccessKey: SECRET, token: "TOKENEXAMPLE", expiresAt: 1_900_000_000_000 });
    assert.deepEqual(asked, [["GET", "/latest/meta-data/security-credentials", "application/json"]]);
  }
});

test("the address is that of the API guide, and requests with its key go to /iam/ with version 2", async () => {
  let asked;
  const credentials = fromInstanceMetadata({ fetch: async (url) => {
    asked = url;
    return Response.json(ROLE);
  } });
  const client = new QingCloudClient({ credentials, zone: "pek3" });
  const url = new URL((await client.signAsync("DescribeInstances")).url);
  assert.equal(asked, "http://169.254.169.254/latest/meta-data/security-credentials");
  assert.deepEqual([url.pathname, url.searchParams.get("signature_version"), url.searchParams.get("token")], ["/iam/", "2", "TOKENEXAMPLE"]);
});

test("an instance that does not answer well says why, in a second at most", async () => {
  const failing = (answer, words) => withMetadata(answer, async (url) => {
    const startedMs = performance.now();
    await assertRefuses(fromInstanceMetadata({ url }), ["instance metadata", words]);
    assert.ok(performance.now() - startedMs < 1250);
  });
  await failing((req, res) => res.writeHead(404).end(), "no role");
  await failing((req, res) => res.writeHead(500).end(), "HTTP status 500");
  await failing((req, res) => res.writeHead(302, { location: "/elsewhere" }).end(), "HTTP status 302");
  await failing((req) => req.socket.destroy(), "connection failed");
  await failing((req, res) => res.end("x".repeat(70_000)), "larger than 64 KB");
  await failing((req, res) => res.end(`process.exit(1), ${JSON.stringify(ROLE)}`), "not JSON");
  await failing((req, res) => res.end("\"__import__('os')\""), "not JSON");
  await failing((req, res) => res.end("null"), "no access_key");
  await failing((req, res) => res.end(JSON.stringify({ ...ROLE, id_token: 1 })), "no id_token");
  await failing((req, res) => res.end(JSON.stringify({ ...ROLE, expiration: "soon" })), "no usable expiration");
  await failing(() => {}, "within 1000 ms");
  await failing((req, res) => res.write("{"), "within 1000 ms");
  await assertRefuses(fromInstanceMetadata({ url: "http://127.0.0.1:1/" }), "connection failed");
});

test("a chain takes the first key, and asks no further", async () => {
  const asked = [];
  const source = (name, give) => () => {
    asked.push(name);
    return give();
  };
  const key = { accessKeyId: ID, secretAccessKey: SECRET };
  const failing = () => {
    throw new Error("none");
  };
  const chained = chain(source("one", failing), source("two", async () => undefined), source("three", async () => key), source("four", failing));
  assert.equal(await chained(), key);
  assert.deepEqual(asked, ["one", "two", "three"]);
  const client = new QingCloudClient({ credentials: chain(() => fromEnv({}), () => fromEnv({ QINGCLOUD_ACCESS_KEY_ID: ID, QINGCLOUD_SECRET_ACCESS_KEY: SECRET, QINGCLOUD_ZONE: "pek3" })) });
  assert.match((await client.signAsync("DescribeInstances")).url, new RegExp(ID));
});

test("a chain that finds nothing says which were tried and why each failed, through the client as well", async () => {
  const leaky = async () => {
    throw Object.assign(new Error(`cannot reach https://vault.example.com/?key=${SECRET}`), { code: "ECONNREFUSED" });
  };
  const credentials = chain(() => fromEnv({}), () => fromConfigFile("/nowhere/config.yaml"), leaky, fromInstanceMetadata({ url: "http://127.0.0.1:1/" }));
  const words = ["1. environment:", "2. config file /nowhere/config.yaml: it cannot be read (ENOENT)", "3. leaky: it failed (ECONNREFUSED)", "4. instance metadata:"];
  const client = new QingCloudClient({ credentials, zone: "pek3" });
  for (const work of [credentials, () => client.signAsync("DescribeInstances"), () => client.call("DescribeInstances")]) {
    await assert.rejects(work, (error) => {
      assert.equal(error.kind, "credentials");
      for (const word of words) assert.ok(error.message.includes(word), error.message);
      assert.ok(!error.message.includes(SECRET));
      return true;
    });
  }
});

test("wrong use is told at once", () => {
  for (const work of [() => chain(), () => chain({ accessKeyId: ID }), () => fromConfigFile(3), () => fromEnv("x"), () => fromInstanceMetadata({ host: "x" }), () => fromInstanceMetadata({ timeoutMs: 0 }), () => fromInstanceMetadata({ url: "x" })]) {
    assert.throws(work, { kind: "options" }, String(work));
  }
});

test("the cause of a chain that found nothing is there, and nothing of it holds a signed request", async () => {
  const failed = async () => {
    throw new QingCloudError({ kind: "credentials", message: "with ?access_key_id=A&signature=B", cause: new Error("https://a.example/?signature=B") });
  };
  await assert.rejects(chain(() => fromEnv({}), () => fromConfigFile("/nowhere/config.yaml"))(), ({ cause }) => cause instanceof AggregateError && cause.errors.length === 2);
  const foreign = async () => {
    throw new Error("https://a.example/?signature=B");
  };
  await assert.rejects(chain(failed, foreign)(), (error) => {
    assert.doesNotMatch(inspect(error, { depth: 9 }), /signature=B/);
    return error.cause instanceof AggregateError && error.cause.errors.length === 2;
  });
});

test("an answer of a replaced fetch that only has a text is bounded as well", async () => {
  const read = fromInstanceMetadata({ fetch: async () => ({ status: 200, text: async () => " ".repeat(64 * 1024 + 1) }) });
  await assert.rejects(read(), { kind: "credentials", message: /larger than 64 KB/ });
});

test("a metadata service is waited for as long as it is said, and no timer overflows", async () => {
  const read = fromInstanceMetadata({ timeoutMs: 3e9, fetch: async () => new Promise((resolve) => setTimeout(() => resolve(new Response("nothing")), 20)) });
  await assert.rejects(read(), ({ message }) => !message.includes("no answer within"));
});

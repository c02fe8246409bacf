// What is printed, thrown, told or cloned holds no secret: not the key's, no token, no password, no signature.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { format, inspect } from "node:util";
import { QingCloudClient, QingCloudError, isQingCloudError } from "qingcloud-wasm";
import { createHandler } from "qingcloud-wasm/server";
import { inParallel } from "./faults.js";
import { FAULTS, faultServer } from "./fault-server.js";

const SECRET = "S3cr3tAccessKeyThatNobodyMaySee";
const TOKEN = "T0kenThatNobodyMaySee";
const PASSWORD = "Passw0rdThatNobodyMaySee";
const ACCESS_KEY_ID = "QYACCESSKEYIDTHATISNOTSECRET";

/** What must stand nowhere. `signatures` is filled with what was really signed. */
const signatures = new Set();
function assertClean(text, where) {
  for (const secret of [SECRET, SECRET.slice(0, 16), TOKEN, PASSWORD, encodeURIComponent(PASSWORD), "signature=", "access_key_id=", "\n/iaas/\n", "\n/iam/\n", ...signatures]) {
    assert.ok(!text.includes(secret), `${where} holds ${secret.slice(0, 12)}…: ${text.slice(0, 300)}`);
  }
}

/** Everything that a logger could make of a value. */
function shown(value) {
  const clone = () => {
    try {
      return inspect(structuredClone(value), { depth: 20, showHidden: true });
    } catch (error) {
      return error.message;
    }
  };
  return [String(value), JSON.stringify(value), format("%s %o %O %j", value, value, value, value), inspect(value, { depth: 20, showHidden: true, getters: true }), clone(), value?.stack].join("\n");
}

let service;
const printed = [];
const originals = {};
before(async () => {
  service = await faultServer({ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET });
  for (const name of ["log", "info", "warn", "error", "debug", "trace"]) {
    originals[name] = console[name];
    console[name] = (...values) => printed.push(format(...values));
  }
  process.on("warning", (warning) => printed.push(inspect(warning)));
});
after(async () => {
  Object.assign(console, originals);
  await service.close();
});

const PARAMS = {
  RunInstances: { image_id: "centos64x86a", instance_type: "small_b", login_mode: "passwd", login_passwd: PASSWORD },
  DescribeInstances: {},
  StopInstances: { instances: ["i-00000001"] },
};

/** A client whose fetch notes the signatures, and its options. */
function client(options) {
  const noting = (url, init) => {
    const query = new URLSearchParams(init?.body ?? new URL(url).search);
    const signature = query.get("signature");
    for (const form of signature ? [signature, encodeURIComponent(signature)] : []) signatures.add(form);
    return (options.answer ?? fetch)(url, init);
  };
  const { answer, ...rest } = options;
  return new QingCloudClient({ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET, zone: "pek3", endpoint: service.url, timeoutMs: 200, deadlineMs: 500, fetch: noting, ...rest });
}

test("no fault of the service brings a secret to light", async () => {
  const events = [];
  const variants = [["RunInstances", "POST", TOKEN], ["RunInstances", "GET"], ["DescribeInstances", "GET", TOKEN], ["StopInstances", "POST"]];
  await inParallel(Object.keys(FAULTS), 16, async (fault) => {
    for (const [index, [action, method, token]] of variants.entries()) {
      const own = client({ token, onEvent: (event) => events.push(event) });
      const requestId = `${fault.replace(/\W/g, "-")}-${index}`;
      service.fail(requestId, fault, { times: Infinity });
      const error = await own.call(action, PARAMS[action], { method, requestId }).then(() => undefined, (thrown) => thrown);
      assertClean(shown(error), `the error of ${fault}`);
      assertClean(shown(own), "the client");
      own.free();
    }
  });
  assert.ok(signatures.size > 300 && events.length > 300, `${signatures.size} ${events.length}`);
  for (const event of events) assertClean(shown(event), `the event ${event.type}`);
  assertClean(printed.join("\n"), "the console");
});

test("an error that a replaced fetch fills with the request loses its cause", async () => {
  const throwing = [
    (url) => new Error(`cannot fetch ${url}`),
    (url) => `cannot fetch ${url}`,
    (url, init) => Object.assign(new Error("failed"), { config: { url, headers: {}, data: init.body } }),
    (url, init) => Object.assign(new Error("failed"), { request: new Request(url, { method: init.method, body: init.body }) }),
    (url) => new Error("failed", { cause: new Error("beneath", { cause: { address: new URL(url) } }) }),
    (url) => ({ url }),
    (url) => Object.assign(new TypeError("failed"), { input: [url] }),
    (url) => ({
      get url() {
        throw new Error(url);
      },
    }),
  ];
  for (const [index, make] of throwing.entries()) {
    const own = client({ maxAttempts: 1, answer: async (url, init) => {
      throw make(url, init);
    } });
    const error = await own.call("RunInstances", PARAMS.RunInstances).catch((thrown) => thrown);
    assert.equal(error.kind, "network");
    assertClean(shown(error), `error ${index}`);
  }
  const harmless = Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("gone"), { code: "ECONNRESET" }) });
  const own = client({ maxAttempts: 1, answer: async () => {
    throw harmless;
  } });
  await assert.rejects(own.call("DescribeInstances"), (error) => error.cause === harmless);
});

test("what the service says is not repeated where it holds what was sent", async () => {
  const saying = (message) => async (url, init) => Response.json({ ret_code: 1100, message: typeof message === "function" ? message(url, init) : message });
  for (const message of [(url) => url, (url) => new URL(url).search, `the password ${PASSWORD} is too weak`, "GET\n/iaas/\naction", (url) => `got ${new URL(url).searchParams.get("signature")}, signature=x`]) {
    const own = client({ answer: saying(message) });
    const error = await own.call("RunInstances", PARAMS.RunInstances).catch((thrown) => thrown);
    assert.equal(error.retCode, 1100);
    assertClean(error.message, "the message");
    assertClean(error.stack, "the stack");
  }
});

test("what the service says is not repeated where it holds the client's token", async () => {
  const token = "a-token-of-an-instance";
  const fetch = async () => Response.json({ ret_code: 1200, message: `token ${token} expired` });
  const key = { accessKeyId: "ID", secretAccessKey: "SECRET", token };
  for (const options of [key, { credentials: async () => key }]) {
    const own = new QingCloudClient({ ...options, zone: "pek3", fetch });
    await assert.rejects(own.call("DescribeInstances"), (error) => error.retCode === 1200 && !error.message.includes(token));
    own.free();
  }
});

test("a parameter that is refused is named, and its value is not", async () => {
  const own = client({ validate: "strict" });
  const wrong = [Symbol(PASSWORD), { toString: () => PASSWORD }, `${PASSWORD}\ud800`, [PASSWORD, null], new Map([[PASSWORD, PASSWORD]])].map((login_passwd) => ({ login_passwd }));
  for (const params of [...wrong, { token: TOKEN }, { signature: "signature=x" }]) {
    for (const work of [() => own.call("RunInstances", params), () => own.signUrl("RunInstances", params)]) {
      await assert.rejects(async () => work(), (error) => {
        assertClean(shown(error), "the refusal");
        return isQingCloudError(error);
      });
    }
  }
});

test("options that are refused are named, and the key is not", () => {
  for (const options of [{ endpoint: `https://user:${SECRET}@api.example.com/iaas/` }, { endpoint: `https://api.example.com/iaas/?signature=${SECRET}` }, { secretAccessKey: `${SECRET}\ud800` }, { secretAccessKey: [SECRET] }, { token: [TOKEN] }, { signatureMethod: SECRET }, { [`secret`]: SECRET }, { accessKeyId: undefined }, { mode: 1 }]) {
    assert.throws(() => client({ ...options }), (error) => {
      assertClean(shown(error), "the refusal");
      return error.kind === "options";
    }, Object.keys(options).join());
  }
});

test("a client shows nothing of itself", () => {
  for (const own of [client({}), client({ token: TOKEN }), client({ secretAccessKey: new TextEncoder().encode(SECRET) }), client({ accessKeyId: undefined, secretAccessKey: undefined, credentials: () => ({ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET, token: TOKEN }) })]) {
    assertClean(shown(own), "the client");
    assert.ok(!shown(own).includes(ACCESS_KEY_ID));
    assert.deepEqual(JSON.parse(JSON.stringify({ own })), { own: {} });
    assert.deepEqual(structuredClone(own), {});
    assert.deepEqual(Reflect.ownKeys(own), []);
    for (let prototype = Object.getPrototypeOf(own); prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
      for (const name of Reflect.ownKeys(prototype)) {
        if (name === "quota") assertClean(shown(own[name]), name);
      }
    }
  }
});

test("a Uint8Array secret is copied, and signs what the text signs", () => {
  const bytes = new TextEncoder().encode(SECRET);
  const now = () => 1_700_000_000_000;
  const [one, another] = [client({ secretAccessKey: bytes, now }), client({ now })];
  bytes.fill(0);
  assert.equal(one.signUrl("DescribeInstances"), another.signUrl("DescribeInstances"));
});

test("an error shows all that it says, and is one across a clone and a copy of the package", async () => {
  const own = client({ answer: async () => Response.json({ ret_code: 2100, message: "resource not found" }) });
  const error = await own.call("StopInstances", PARAMS.StopInstances).catch((thrown) => thrown);
  assert.ok(error instanceof QingCloudError && error instanceof Error && isQingCloudError(error));
  const { kind, retCode, action, outcome } = JSON.parse(JSON.stringify(error));
  assert.deepEqual({ kind, retCode, action, outcome }, { kind: "api", retCode: 2100, action: "StopInstances", outcome: "not-executed" });
  assert.match(inspect(error), /^QingCloudError: StopInstances: /);
  class Derived extends QingCloudError {}
  assert.ok(new Derived({ message: "own" }) instanceof Derived && !(error instanceof Derived));
  const copy = await import("./node_modules/qingcloud-wasm/error.js");
  assert.ok(copy.QingCloudError !== QingCloudError && error instanceof copy.QingCloudError && copy.isQingCloudError(error));
  const clone = structuredClone(error);
  assert.deepEqual([clone.message, clone instanceof Error], [error.message, true]);
});

test("what goes between a page and its server holds no key, and no secret of the answer's error", async () => {
  const server = client({ answer: async (url) => {
    throw new Error(`cannot fetch ${url}`);
  }, maxAttempts: 1 });
  const handle = createHandler({ client: server, allow: { RunInstances: { params: { image_id: true, instance_type: true, login_mode: true, login_passwd: true } } }, authorize: () => true });
  const bodies = [];
  const page = new QingCloudClient({ validate: "off", remote: { url: "https://app.example.com/api" }, fetch: async (url, init) => {
    const response = await handle(new Request(url, init));
    bodies.push(await response.clone().text());
    return response;
  } });
  const error = await page.call("RunInstances", PARAMS.RunInstances, { requestId: "from-the-page" }).catch((thrown) => thrown);
  assert.equal(error.outcome, "unknown");
  assertClean(shown(error), "the page's error");
  assertClean(bodies.join(), "the reply");
  assert.ok(!bodies.join().includes(ACCESS_KEY_ID));
});

test("nothing was printed by any of this", () => {
  assert.deepEqual(printed.filter((line) => !line.includes("ExperimentalWarning")), []);
});

// Both halves of remote: a client without a key, and the handler that holds it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { QingCloudClient } from "qingcloud-wasm";
import { createHandler } from "qingcloud-wasm/server";
import { faultServer, KEY } from "./fault-server.js";
import { collect, stubClient } from "./stub.js";

const URL_OF_HANDLER = "https://app.example.com/api/qingcloud";

const ALLOW = {
  DescribeInstances: { zones: ["pek3", "gd2"], params: { status: { values: ["running", "stopped"], maxItems: 2 }, offset: { min: 0 }, limit: { min: 1, max: 100 }, instances: { pattern: /i-[0-9a-z]{8}/, maxItems: 10 } } },
  DescribeJobs: { zones: ["pek3"], params: { jobs: { maxItems: 100 }, limit: true } },
  RunInstances: { zones: ["pek3"], params: { image_id: true, instance_type: true } },
  DescribeZones: true,
};

/** A client whose remote is a handler over `server`, in the same process; `seen` has what went between. */
function remoteClient(server, { handler = {}, ...options } = {}, mode = "proxy") {
  const handle = createHandler({ client: server, allow: ALLOW, authorize: () => true, mode, callsPerMinute: 100_000, ...handler });
  const seen = [];
  const client = new QingCloudClient({
    zone: "pek3",
    remote: { url: URL_OF_HANDLER, mode },
    validate: "off",
    fetch: async (url, init) => {
      if (url !== URL_OF_HANDLER) return fetch(url, init);
      const response = await handle(new Request(url, init));
      seen.push({ init, status: response.status, body: await response.clone().json() });
      return response;
    },
    ...options,
  });
  return { client, seen, handle };
}

let service;
before(async () => {
  service = await faultServer();
});
after(() => service.close());

const keyed = (options) => new QingCloudClient({ ...KEY, zone: "pek3", endpoint: service.url, timeoutMs: 300, deadlineMs: 800, validate: "off", ...options });

test("a call through the handler gives the answer, and the key stays behind it", async () => {
  const { client, seen } = remoteClient(keyed());
  const answer = await client.call("DescribeInstances", { status: ["running"], limit: 10 }, { zone: "gd2" });
  assert.equal(answer.instance_set[0].instance_id, "i-00000001");
  const { action, params, zone } = JSON.parse(seen[0].init.body);
  assert.deepEqual({ action, params, zone }, { action: "DescribeInstances", params: { limit: 10, status: ["running"] }, zone: "gd2" });
  assert.ok(!JSON.stringify(seen).includes(KEY.accessKeyId));
});

test("the parameters arrive as they were given", async () => {
  const { client: server, sent } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
  const { client } = remoteClient(server);
  await client.call("DescribeInstances", { instances: ["i-00000001", "i-00000002"], limit: 5, offset: 0 });
  const { "instances.1": one, "instances.2": two, limit, offset, zone, action } = sent[0];
  assert.deepEqual({ one, two, limit, offset, zone, action }, { one: "i-00000001", two: "i-00000002", limit: "5", offset: "0", zone: "pek3", action: "DescribeInstances" });
});

test("a zone among the parameters is the zone, once", async () => {
  const { client: server, sent } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
  const { client } = remoteClient(server);
  await client.call("DescribeInstances", { zone: "gd2" });
  assert.equal(sent[0].zone, "gd2");
});

test("the req_id is one from the page to the service, and the error's", async () => {
  const { client } = remoteClient(keyed());
  await client.call("DescribeInstances", {}, { requestId: "from-the-page" });
  assert.equal(service.timesDone("from-the-page"), 1);
  service.fail("fails", "reset", { times: Infinity });
  await assert.rejects(client.call("DescribeInstances", {}, { requestId: "fails" }), { requestId: "fails" });
});

test("paging and waiting work through it", async () => {
  const items = Array.from({ length: 250 }, (_, index) => ({ instance_id: `i-${index}`, status: "running" }));
  let polls = 0;
  const { client: server } = stubClient(({ action, offset, limit }) => {
    if (action === "DescribeJobs") return { ret_code: 0, job_set: [{ job_id: "j-1", status: ++polls < 3 ? "working" : "successful" }], total_count: 1 };
    if (action === "RunInstances") return { ret_code: 0, job_id: "j-1" };
    return { ret_code: 0, instance_set: items.slice(Number(offset), Number(offset) + Number(limit)), total_count: items.length };
  }, { validate: "off" });
  const { client } = remoteClient(server);
  assert.equal((await collect(client.paginate("DescribeInstances"))).length, 250);
  assert.equal((await client.callAndWait("RunInstances", { image_id: "x" }, { minIntervalMs: 1, maxIntervalMs: 2 })).job_id, "j-1");
  assert.equal(polls, 3);
});

test("a wait through it survives a poll that fails for now", async () => {
  const states = [5300, 5300, 5300, "working", "successful"];
  const { client: server } = stubClient(() => {
    const state = states.shift();
    return typeof state === "number" ? { ret_code: state } : { ret_code: 0, job_set: [{ job_id: "j-1", status: state }], total_count: 1 };
  }, { maxAttempts: 3 });
  const { client } = remoteClient(server);
  const [job] = await client.waitForJobs("j-1", { minIntervalMs: 1, maxIntervalMs: 2 });
  assert.equal(job.status, "successful");
});

test("errors arrive as they were thrown behind it", async () => {
  const server = keyed();
  const { client } = remoteClient(server, {}, "proxy");
  const thrownBy = (work) => work.then(() => assert.fail("did not throw"), (error) => error);
  for (const [fault, action] of [["ret_code 2100", "DescribeInstances"], ["ret_code 1400", "RunInstances"], ["reset", "RunInstances"], ["status 503", "RunInstances"], ["HTML", "RunInstances"]]) {
    const requestId = `same-${fault.replace(/\W/g, "")}`;
    service.fail(requestId, fault, { times: Infinity });
    const [near, far] = [await thrownBy(server.call(action, {}, { requestId })), await thrownBy(client.call(action, {}, { requestId }))];
    for (const name of ["name", "kind", "message", "action", "zone", "retCode", "reason", "httpStatus", "requestId", "attempts", "retryable", "outcome", "readBack", "response"]) {
      assert.deepEqual(far[name], near[name], `${fault}: ${name}`);
    }
    assert.ok(far instanceof Error && far.constructor === near.constructor);
    // The page's own lifetime of a change, as far as the handler allows it, goes before the server's.
    if (near.safeAfter) assert.ok(far.safeAfter instanceof Date && far.safeAfter > Date.now() && far.safeAfter < Date.now() + 62_000);
  }
});

test("why the server has no key is not told to the page", async () => {
  const server = new QingCloudClient({ zone: "pek3", credentials: () => {
    throw new Error("cannot read /etc/secrets/qingcloud");
  } });
  const { client, seen } = remoteClient(server);
  await assert.rejects(client.call("DescribeInstances"), { kind: "credentials", action: "DescribeInstances", zone: "pek3", message: "DescribeInstances: the server has no usable key" });
  assert.ok(!JSON.stringify(seen).includes("/etc"));
});

test("what the handler refuses is an error of the client's, and sends nothing", async () => {
  const { client: server, sent } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
  const { client } = remoteClient(server);
  await assert.rejects(client.call("TerminateInstances", { instances: ["i-00000001"] }), { kind: "parameters", httpStatus: 403, outcome: "not-executed", message: /not allowed here/ });
  await assert.rejects(client.call("DescribeInstances", { limit: 101 }), { kind: "parameters", message: /"limit" is out of bounds/ });
  await assert.rejects(client.call("DescribeInstances", {}, { zone: "sh1a" }), { message: /zone is not allowed/ });
  assert.equal(sent.length, 0);
  const { client: stranger } = remoteClient(server, { handler: { authorize: () => false } });
  await assert.rejects(stranger.call("DescribeInstances"), { kind: "credentials", httpStatus: 403 });
  assert.equal(sent.length, 0);
});

test("in mode sign the page sends what the handler signed, and the signature lapses soon", async () => {
  const { client, seen } = remoteClient(keyed(), { handler: { maxExpiresInSeconds: 30 } }, "sign");
  assert.equal((await client.call("DescribeInstances", { limit: 10 })).ret_code, 0);
  assert.equal((await client.call("RunInstances", { image_id: "x" })).ret_code, 0);
  const signed = await client.signAsync("DescribeInstances", {}, { expiresInSeconds: 86_400 });
  for (const url of [...seen.map(({ body }) => body.signed.url), signed.url]) {
    const query = new URL(url).searchParams;
    const lifetimeMs = Date.parse(query.get("expires")) - Date.parse(query.get("time_stamp"));
    assert.ok(lifetimeMs > 0 && lifetimeMs <= 30_000, `${lifetimeMs} ms`);
  }
});

test("in mode sign a lost reply to a change is not repeated, and one to a read is", async () => {
  const { client } = remoteClient(keyed(), { timeoutMs: 300, deadlineMs: 800 }, "sign");
  service.fail("sign-create", "reset", { after: true });
  await assert.rejects(client.call("RunInstances", {}, { requestId: "sign-create" }), { outcome: "unknown", attempts: 1 });
  assert.equal(service.timesDone("sign-create"), 1);
  service.fail("sign-read", "reset");
  await client.call("DescribeInstances", {}, { requestId: "sign-read" });
});

test("a signing server that cannot be reached for a moment is asked again, since nothing was sent", async () => {
  const server = keyed();
  const handle = createHandler({ client: server, allow: ALLOW, authorize: () => true, mode: "sign" });
  const troubles = [() => Promise.reject(new TypeError("fetch failed")), async () => new Response("busy", { status: 503 })];
  const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER, mode: "sign" }, validate: "off", fetch: async (url, init) => {
    if (url !== URL_OF_HANDLER) return fetch(url, init);
    return (troubles.shift() ?? handle)(new Request(url, init));
  } });
  assert.equal((await client.call("RunInstances", {}, { requestId: "signed-at-last" })).ret_code, 0);
  assert.equal(service.timesDone("signed-at-last"), 1);
});

test("a signing server that fails is what the error names, with its status", async () => {
  const fetch = async () => new Response("broken", { status: 500 });
  const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER, mode: "sign" }, validate: "off", fetch });
  const refusal = { kind: "http", httpStatus: 500, outcome: "not-executed", retryable: true, attempts: 0, message: /the signing server replied with HTTP status 500; nothing was sent/ };
  await assert.rejects(client.call("RunInstances"), refusal);
  await assert.rejects(client.signAsync("RunInstances"), refusal);
});

test("attempts counts what was sent, not what could not be signed", async () => {
  for (const [reached, attempts] of [[0, 0], [1, 1], [3, 3]]) {
    let asked = 0;
    const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER, mode: "sign" }, fetch: async (url) => {
      if (url !== URL_OF_HANDLER) return Response.json({ ret_code: 5300 });
      asked += 1;
      if (asked <= 3 - reached) throw new TypeError("fetch failed");
      return Response.json({ signed: { method: "GET", url: "https://api.qingcloud.com/iaas/?signed", headers: {} } });
    } });
    await assert.rejects(client.call("DescribeInstances"), { kind: reached === 0 ? "network" : "api", attempts }, `${reached}`);
    assert.equal(asked, 3);
  }
});

test("a gateway's page in place of the handler's reply is a lost reply: reads come back, changes are in doubt", async () => {
  for (const [reply, kind] of [[() => new Response("<html>", { status: 502 }), "http"], [() => new Response(""), "response"], [() => Response.json({ ret_code: 0 }), "response"]]) {
    const { client: server, sent } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
    const handle = createHandler({ client: server, allow: ALLOW, authorize: () => true });
    let isFirst = true;
    const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER }, validate: "off", fetch: async (url, init) => {
      const response = await handle(new Request(url, init));
      if (!isFirst) return response;
      isFirst = false;
      return reply();
    } });
    await client.call("DescribeInstances");
    isFirst = true;
    await assert.rejects(client.call("RunInstances"), { kind, outcome: "unknown", attempts: 1 });
    assert.deepEqual(sent.map(({ action }) => action), ["DescribeInstances", "DescribeInstances", "RunInstances"]);
  }
});

test("an answer that is no success does not resolve, whoever lets it through", async () => {
  for (const answer of [{ ret_code: 1400, message: "no" }, { a: 1 }, []]) {
    const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER }, fetch: async () => Response.json({ answer }) });
    await assert.rejects(client.call("StopInstances", { instances: ["i-00000001"] }), { kind: "response", outcome: "unknown" });
  }
});

test("a signed request for plain http: to another machine is not sent, unless that is allowed", async () => {
  const signed = { method: "GET", url: "http://cloud.example/iaas/?signature=s", headers: {} };
  const sources = [{ signer: () => signed }, { remote: { url: URL_OF_HANDLER, mode: "sign" } }];
  for (const source of sources) {
    let sent = 0;
    const fetch = async (url) => {
      if (url === URL_OF_HANDLER) return Response.json({ signed });
      sent += 1;
      return Response.json({ ret_code: 0 });
    };
    const options = { ...source, zone: "pek3", fetch };
    await assert.rejects(new QingCloudClient(options).call("DescribeZones"), { kind: "credentials", message: /allowInsecureHttp/ });
    assert.equal(sent, 0);
    await new QingCloudClient({ ...options, allowInsecureHttp: true }).call("DescribeZones");
    assert.equal(sent, 1);
  }
});

test("a handler that fails is a lost reply: reads come back, changes are in doubt unless they were only to be signed", async () => {
  for (const mode of ["proxy", "sign"]) {
    let failures = 0;
    const answer = () => {
      failures -= 1;
      if (failures >= 0) throw new Error("a fault of the server's own");
      return mode === "proxy" ? { ret_code: 0 } : { method: "GET", url: "https://api.qingcloud.com/iaas/?signed", headers: {} };
    };
    const handle = createHandler({ client: { call: answer, signAsync: answer }, allow: ALLOW, authorize: () => true, mode });
    const statuses = [];
    const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER, mode }, validate: "off", fetch: async (url, init) => {
      if (url !== URL_OF_HANDLER) return Response.json({ ret_code: 0 });
      const response = await handle(new Request(url, init));
      statuses.push(response.status);
      return response;
    } });
    failures = 1;
    await client.call("DescribeInstances");
    failures = 1;
    const change = client.call("RunInstances", {}, { requestId: "r-1" });
    if (mode === "sign") await change;
    else await assert.rejects(change, ({ kind, httpStatus, outcome, requestId, attempts, safeAfter }) => {
      assert.deepEqual([kind, httpStatus, outcome, requestId, attempts], ["http", 500, "unknown", "r-1", 1]);
      // The server may have signed it at any time, and more than once.
      return safeAfter === undefined;
    });
    assert.deepEqual(statuses, mode === "sign" ? [500, 200, 500, 200] : [500, 200, 500]);
  }
});

test("what is not a handler at all is told as that", async () => {
  const client = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER }, fetch: async () => new Response("<html>", { status: 404 }) });
  await assert.rejects(client.call("DescribeInstances"), { kind: "http", httpStatus: 404 });
  const signing = new QingCloudClient({ zone: "pek3", remote: { url: URL_OF_HANDLER, mode: "sign" }, fetch: async () => Response.json({ answer: {} }) });
  await assert.rejects(signing.call("DescribeInstances"), { kind: "http", message: /same mode/ });
});

for (const mode of ["proxy", "sign"]) {
  test(`too many calls are turned away with Retry-After, which the client honours in mode ${mode}`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { client: server } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
    const { client, seen } = remoteClient(server, { handler: { callsPerMinute: 2 } }, mode);
    // In mode sign the page itself sends.
    t.mock.method(globalThis, "fetch", async () => Response.json({ ret_code: 0 }));
    await client.call("DescribeInstances");
    await client.call("DescribeInstances");
    let isDone = false;
    const third = client.call("DescribeInstances").then(() => {
      isDone = true;
    });
    for (const [ms, wanted] of [[0, false], [29_000, false], [1_000, true]]) {
      t.mock.timers.tick(ms);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      assert.equal(isDone, wanted, `${ms} ms`);
    }
    await third;
    assert.deepEqual(seen.map(({ status }) => status), [200, 200, 429, 200]);
    await assert.rejects(client.call("DescribeInstances", {}, { maxAttempts: 1 }), { kind: "http", httpStatus: 429, outcome: "not-executed" });
    if (mode === "sign") await assert.rejects(client.signAsync("DescribeInstances"), { kind: "http", httpStatus: 429, retryable: true });
  });
}

test("callers whom authorize names have a rate each", async () => {
  const { client: server } = stubClient(() => ({ ret_code: 0 }));
  const handle = createHandler({ client: server, allow: ALLOW, callsPerMinute: 1, authorize: (request) => request.headers.get("x-user") });
  const status = async (user) => (await handle(new Request(URL_OF_HANDLER, { method: "POST", headers: { "content-type": "application/json", "x-user": user }, body: "{\"action\":\"DescribeZones\"}" }))).status;
  assert.deepEqual([await status("a"), await status("b"), await status("a"), await status("b")], [200, 200, 429, 429]);
});

test("a page of an allowed origin passes the preflight, another does not", async () => {
  const { client: server } = stubClient(() => ({ ret_code: 0 }));
  const handle = createHandler({ client: server, allow: ALLOW, authorize: () => true, origins: ["https://app.example.com"] });
  const preflight = (origin) => handle(new Request(URL_OF_HANDLER, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" } }));
  const allowed = await preflight("https://app.example.com");
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://app.example.com");
  assert.equal(allowed.headers.get("access-control-allow-headers"), "authorization,content-type");
  const refused = await preflight("https://evil.example.com");
  assert.deepEqual([refused.status, refused.headers.get("access-control-allow-origin")], [403, null]);
});

test("an abort by the page ends the call behind the handler", async () => {
  const server = keyed({ timeoutMs: 30_000, deadlineMs: 30_000 });
  const { client } = remoteClient(server);
  const controller = new AbortController();
  service.fail("hangs", "hang", { times: Infinity });
  const call = client.call("DescribeInstances", {}, { requestId: "hangs", signal: controller.signal });
  while (service.timesAsked("hangs") === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const reason = new Error("enough");
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  while (service.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("lists and objects do not pass as text", async () => {
  const { client: server, sent } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
  const allow = { DeleteProjects: { params: { project_ids: { maxItems: 1 } } }, AddGroupRoleRules: { params: { principle: true, policy: { pattern: /.*/ } } } };
  const { client } = remoteClient(server, { handler: { allow }, zone: undefined });
  await client.call("DeleteProjects", { project_ids: ["pj-1"] });
  for (const text of ['["pj-1","pj-2"]', ' [ ]', '{"a":1}']) {
    await assert.rejects(client.call("DeleteProjects", { project_ids: text }), { httpStatus: 403 });
    await assert.rejects(client.call("AddGroupRoleRules", { principle: text }), { httpStatus: 403 });
  }
  assert.equal(sent.length, 1);
  await client.call("AddGroupRoleRules", { principle: "[not JSON", policy: '["said to be fine"]' });
  assert.equal(sent.length, 2);
});

test("whoever answers with another library's response or error means no", async () => {
  const { client: server, sent } = stubClient(() => ({ ret_code: 0 }));
  class Foreign { get [Symbol.toStringTag]() { return "Response"; } }
  for (const no of [new Foreign(), runInNewContext("new Error('no')"), new DOMException("no")]) {
    const { client } = remoteClient(server, { handler: { authorize: () => no } });
    await assert.rejects(client.call("DescribeZones"), { httpStatus: 403 });
  }
  assert.equal(sent.length, 0);
});

test("what the server's own source of keys fails with stays there", async () => {
  const { client: vault } = stubClient(() => ({ ret_code: 1400, message: "vault-1 says no", debug: "10.0.0.7" }), { zone: "internal" });
  for (const mode of ["proxy", "sign"]) {
    const server = new QingCloudClient({ zone: "pek3", endpoint: service.url, credentials: () => vault.call("AssumeRole", {}) });
    const { client, seen } = remoteClient(server, { zone: undefined }, mode);
    await assert.rejects(client.call("DescribeZones"), { kind: "credentials", action: "DescribeZones", message: "DescribeZones: the server has no usable key" });
    assert.doesNotMatch(JSON.stringify(seen.map(({ body }) => body)), /AssumeRole|internal|vault|10\.0/);
    server.free();
  }
});

test("an error from the wire has no field of a wrong type, and says nothing that it does not know", async () => {
  const error = { kind: "weird", message: "https://u?signature=abc", outcome: "executed", attempts: "many", retryable: "false", safeAfter: "garbage", zone: 5, action: [], requestId: { x: 1 }, retCode: "1" };
  const from = (reply, status) => new QingCloudClient({ zone: "pek3", validate: "off", remote: { url: URL_OF_HANDLER }, fetch: async () => Response.json(reply, { status }) });
  await assert.rejects(from({ error }, 200).call("RunInstances"), (thrown) => {
    const { kind, message, attempts, retryable, safeAfter, retCode } = thrown;
    assert.deepEqual({ kind, message, attempts, retryable, safeAfter, retCode }, { kind: "response", message: "the message is left out: it held a signed request", attempts: 0, retryable: false, safeAfter: undefined, retCode: undefined });
    return typeof thrown.zone === "string" && thrown.action === "RunInstances" && typeof thrown.requestId === "string";
  });
  // Whoever says neither that it refused the call nor what became of it has said nothing.
  for (const status of [200, 201]) await assert.rejects(from({ error: { kind: "api", message: "no" } }, status).call("RunInstances"), { outcome: "unknown" });
  await assert.rejects(from({ error: { kind: "parameters", message: "no" } }, 400).call("RunInstances"), { kind: "parameters", outcome: "not-executed" });
});

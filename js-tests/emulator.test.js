// The faces of the emulator: fetch, snapshots, the log, the server, and what each refuses.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { after, test } from "node:test";
import { QingCloudError as ErrorOfIndex } from "qingcloud-wasm";
import { diagnose, Emulator, isQingCloudError } from "qingcloud-wasm/emulator";
import { serveEmulator } from "qingcloud-wasm/emulator/node";

const opened = [];
after(() => Promise.all(opened.map((one) => one.close())));

async function serve(options) {
  const served = await serveEmulator(options);
  opened.push(served);
  return served;
}

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signs by a few lines of its own; `sent` may change the query afterwards. */
function signed({ accessKeyId, secretAccessKey }, action, params = {}, { origin = "https://api.qingcloud.com/iaas/", method = "GET", now = Date.now(), sent = (query) => query } = {}) {
  const all = {
    access_key_id: accessKeyId,
    action,
    signature_method: "HmacSHA256",
    signature_version: "1",
    time_stamp: `${new Date(now).toISOString().slice(0, 19)}Z`,
    version: "1",
    zone: "pek3a",
    ...params,
  };
  const query = Object.keys(all).sort().map((name) => `${encode(name)}=${encode(all[name])}`).join("&");
  const signature = createHmac("sha256", secretAccessKey).update(`${method}\n${new URL(origin).pathname}\n${query}`).digest("base64");
  const text = `${sent(query)}&signature=${encode(signature)}`;
  return method === "GET" ? [`${origin}?${text}`] : [origin, { method, body: text }];
}

const RUN = { image_id: "centos7x64d", login_mode: "passwd", login_passwd: "Hunter2Hunter2" };

const json = async (response) => (await response).json();

test("fetch is bound, and takes strings, URLs, Requests and every kind of body", async () => {
  const emulator = new Emulator();
  const { fetch } = emulator;
  const [url] = signed(emulator, "DescribeZones");
  for (const input of [url, new URL(url), new Request(url), url.replace("https://api.qingcloud.com", "")]) {
    const response = await fetch(input);
    assert.ok(response instanceof Response);
    assert.equal(response.headers.get("content-type"), "application/json; charset=utf-8");
    assert.equal((await response.json()).ret_code, 0);
  }
  const [origin, { body }] = signed(emulator, "DescribeInstances", { search_word: "a b" }, { method: "POST" });
  const bytes = new TextEncoder().encode(body);
  for (const form of [body, bytes, bytes.buffer, new Blob([body]), new URLSearchParams(body)]) {
    assert.equal((await json(fetch(origin, { method: "post", body: form }))).ret_code, 0);
  }
  assert.equal((await json(fetch(new Request(origin, { method: "POST", body })))).ret_code, 0);
});

test("a query that a URL parser repaired is refused, and the message says what differs", async () => {
  const emulator = new Emulator();
  const [url] = signed(emulator, "DescribeInstances", { search_word: "a b" });
  const repaired = new URL(url);
  repaired.searchParams.set("zone", "pek3a");
  const answer = await json(emulator.fetch(repaired));
  assert.equal(answer.ret_code, 1200);
  assert.match(answer.message, /search_word/);
  assert.match(answer.string_to_sign, /search_word=a%20b/);
});

test("what was signed wrongly is refused with the mistake by its name, and without the password", async () => {
  const emulator = new Emulator();
  const [url] = signed({ ...emulator, accessKeyId: emulator.accessKeyId, secretAccessKey: `${emulator.secretAccessKey}\n` }, "RunInstances", RUN);
  const answer = await json(emulator.fetch(url));
  assert.equal(answer.ret_code, 1200);
  assert.match(answer.message, /^AuthFailure, signature not matched: The secret was used with a blank/);
  assert.match(answer.string_to_sign, /login_passwd=\*\*\*/);
  assert.doesNotMatch(JSON.stringify(answer), /Hunter2/);
});

test("an abort ends a call that hangs or is delayed with the signal's own reason", async () => {
  const emulator = new Emulator({ faults: [{ action: "DescribeZones", fault: "hang" }, { fault: { delayMs: 10_000 } }] });
  for (const action of ["DescribeZones", "DescribeVolumes"]) {
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = emulator.fetch(...signed(emulator, action), { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 5);
    await assert.rejects(emulator.fetch(signed(emulator, action)[0], { signal: controller.signal }), reason);
    call.catch(() => {});
  }
  await assert.rejects(emulator.fetch("/", { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a lost or cut answer fails as it does on a wire", async () => {
  const emulator = new Emulator({ faults: [{ action: "DescribeZones", fault: "lost" }, { fault: "cut" }] });
  await assert.rejects(emulator.fetch(...signed(emulator, "DescribeZones")), TypeError);
  const response = await emulator.fetch(...signed(emulator, "DescribeVolumes"));
  await assert.rejects(response.json(), TypeError);
});

test("a snapshot takes everything to another emulator, and no secret", async () => {
  const emulator = new Emulator({ jobDurationMs: 1000 });
  await emulator.fetch(...signed(emulator, "RunInstances", RUN));
  emulator.advance(500);
  const snapshot = emulator.snapshot();
  assert.equal(typeof snapshot, "string");
  assert.ok(!snapshot.includes(emulator.secretAccessKey) && !snapshot.includes("Hunter2"));
  for (const form of [snapshot, JSON.parse(snapshot)]) {
    const { accessKeyId, secretAccessKey } = emulator;
    const other = new Emulator({ seed: 5, accessKeys: [{ accessKeyId, secretAccessKey }] });
    other.restore(form);
    assert.equal(other.snapshot(), snapshot);
    other.advance(500);
    assert.equal((await json(other.fetch(...signed(other, "DescribeInstances")))).instance_set[0].status, "running");
  }
  emulator.reset();
  assert.equal(emulator.snapshot(), new Emulator().snapshot());
  assert.deepEqual(emulator.requests, []);
});

test("a delay that no timer keeps is refused", () => {
  assert.throws(() => new Emulator({ faults: [{ action: "DescribeZones", fault: { delayMs: 3e9 } }] }), { kind: "options", message: /delayMs of a fault must be at most 2147483647/ });
});

test("anything that is no snapshot, no option, no evidence is an error of kind options", () => {
  const emulator = new Emulator();
  const cyclic = {};
  cyclic.self = cyclic;
  const wrong = [
    ...[undefined, null, 5, "", "x", "{}", [], {}, Symbol("s"), 10n, cyclic, () => 1].map((snapshot) => () => emulator.restore(snapshot)),
    ...[null, 5, "x", { jobs: 1 }, { seed: 1.5 }, { seed: 1n }, { now: 5 }, { zones: "pek3a" }, { faults: [{}] }, cyclic].map((options) => () => new Emulator(options)),
    ...[NaN, Infinity, "1", undefined].map((time) => () => emulator.advance(time)),
    ...[undefined, {}, { url: "/" }, { url: new URL("https://x"), secretAccessKey: "s" }, { url: "/?a=1", secretAccessKey: "" }, { url: "/?a=1", secretAccessKey: "s", key: 1 }, { stringToSign: "x", secretAccessKey: "s" }]
      .map((evidence) => () => diagnose(evidence)),
  ];
  for (const attempt of wrong) {
    assert.throws(attempt, (error) => isQingCloudError(error) && error instanceof ErrorOfIndex && error.kind === "options" && !error.message.includes("\n"), `${attempt}`);
  }
  assert.throws(() => new Emulator({ jobDuration: 5 }), /jobDuration/);
});

test("a clock that gives no number is an error, and a freed emulator says so", async () => {
  const broken = new Emulator({ now: () => NaN });
  await assert.rejects(broken.fetch("/"), { kind: "options" });
  const freed = new Emulator();
  freed.free();
  freed.free();
  await assert.rejects(freed.fetch("/"), { kind: "options", message: /freed/ });
  assert.throws(() => freed.snapshot(), { kind: "options" });
});

test("any bytes get an answer and leave the emulator as useful as before", async () => {
  const emulator = new Emulator();
  const bytes = (length) => Uint8Array.from({ length }, () => Math.random() * 256);
  for (let round = 0; round < 300; round++) {
    const response = await emulator.fetch("https://api.qingcloud.com/iaas/", { method: "POST", body: bytes(round) });
    assert.ok(Number.isInteger((await response.json()).ret_code));
    const text = String.fromCharCode(...bytes(round));
    assert.ok(Number.isInteger((await json(emulator.fetch(`/iaas/?${text}`))).ret_code));
  }
  assert.ok(Number.isInteger((await json(emulator.fetch(`/iaas/?a=\ud800`))).ret_code));
  assert.equal((await json(emulator.fetch(...signed(emulator, "DescribeZones")))).ret_code, 0);
  assert.ok(Array.isArray(emulator.requests));
});

test("the doctor names a mistake in a URL, a POST and a string to sign", () => {
  const key = { accessKeyId: "KEY", secretAccessKey: "+secret/" };
  const [url] = signed(key, "DescribeInstances", { search_word: "a b" }, { sent: (query) => query.replace("%20", "+") });
  const [mistake, ...others] = diagnose({ url, secretAccessKey: key.secretAccessKey }).mistakes;
  assert.deepEqual([mistake.code, others], ["plus-for-space", []]);
  assert.match(mistake.en, /%20/);
  assert.match(mistake.zh, /空格/);

  const secretAccessKey = new TextEncoder().encode(key.secretAccessKey);
  const [right] = signed(key, "DescribeInstances");
  assert.deepEqual(diagnose({ url: right, secretAccessKey }).right, true);
  assert.deepEqual(secretAccessKey, new TextEncoder().encode(key.secretAccessKey), "the caller's bytes are his");
  const later = diagnose({ url: right, secretAccessKey, now: new Date(Date.now() + 100_000) });
  assert.equal(later.mistakes[0].code, "stale-time-stamp");

  const [post, { body }] = signed(key, "DescribeInstances", {}, { method: "POST" });
  assert.equal(diagnose({ url: post, body, secretAccessKey }).right, true);
  assert.equal(diagnose({ url: post, body, method: "PUT", secretAccessKey }).mistakes[0].code, "wrong-verb");

  const query = right.split("?")[1].split("&signature=")[0];
  assert.equal(diagnose({ stringToSign: `GET\n/iaas/\n${query}`, secretAccessKey }).right, true);
  const signature = createHmac("sha1", key.secretAccessKey).update(`GET\n/iaas/\n${query}`).digest("base64");
  const diagnosis = diagnose({ stringToSign: `GET\n/iaas/\n${query}`, signature, secretAccessKey });
  assert.deepEqual(diagnosis.mistakes.map(({ code }) => code), ["sha1-for-sha256"]);
  assert.ok(!JSON.stringify(diagnosis).includes(key.secretAccessKey));

  const unknown = diagnose({ url: right.replace("zone=pek3a", "zone=pek3b"), secretAccessKey });
  assert.equal(unknown.right, false);
  assert.ok(unknown.stringToSign.includes("zone=pek3b") && unknown.signed.includes("zone=pek3b"));
});

test("the server answers on 127.0.0.1, byte for byte, until it is closed", async () => {
  const { url, emulator, close } = await serveEmulator({ seed: 3 });
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/iaas\/$/);
  const answer = await json(fetch(...signed(emulator, "DescribeInstances", { search_word: "a b!~*'" }, { origin: url })));
  assert.equal(answer.ret_code, 0, JSON.stringify(answer));
  assert.equal((await json(fetch(...signed(emulator, "DescribeInstances", {}, { origin: url, method: "POST" })))).ret_code, 0);
  const response = await fetch(url, { method: "DELETE" });
  assert.equal((await response.json()).ret_code, 1101);
  assert.equal(response.headers.get("access-control-allow-origin"), null);
  const raw = await exchange(url, "GET /iaas/?a=%zz&b=[\"^`|] HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  assert.match(raw, /"ret_code":1100/);
  await close();
  await assert.rejects(fetch(url));
});

/** Sends bytes as they are, gives what came until the end. */
function exchange(url, text) {
  return new Promise((resolve, reject) => {
    const socket = connect(new URL(url).port, "127.0.0.1", () => socket.write(text, "latin1"));
    let got = "";
    socket.on("data", (chunk) => (got += chunk));
    socket.on("end", () => resolve(got));
    socket.on("error", reject);
  });
}

test("faults reach the wire: delay, hang, lost, cut, headers", async () => {
  const { url, emulator } = await serve({
    faults: [
      { action: "DescribeZones", times: 1, fault: "lost" },
      { action: "DescribeZones", times: 1, fault: "cut" },
      { action: "DescribeZones", times: 1, fault: "hang" },
      { action: "DescribeZones", times: 1, fault: { httpStatus: 429, headers: { "Retry-After": "7" }, delayMs: 30 } },
    ],
  });
  const call = (options) => fetch(signed(emulator, "DescribeZones", {}, { origin: url })[0], options);
  await assert.rejects(call(), TypeError);
  await assert.rejects(call().then((response) => response.json()), TypeError);
  await assert.rejects(call({ signal: AbortSignal.timeout(100) }), { name: "TimeoutError" });
  const start = performance.now();
  const response = await call();
  assert.ok(performance.now() - start >= 29);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [429, "7"]);
  assert.equal((await json(call())).ret_code, 0);
});

test("a server whose emulator was freed says so, and one that is closed keeps no timer", async () => {
  const { url, emulator } = await serve();
  emulator.free();
  const response = await fetch(`${url}?action=DescribeZones`);
  assert.equal(response.status, 500);
  assert.match(await response.text(), /freed/);

  const slow = await serveEmulator({ faults: [{ action: "DescribeZones", fault: { delayMs: 3_600_000 } }] });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const call = fetch(signed(slow.emulator, "DescribeZones", {}, { origin: slow.url })[0]).catch((error) => error);
  while (slow.emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await slow.close();
  assert.ok((await call) instanceof TypeError);
  for (let turn = 0; timers() > before && turn < 100; turn += 1) await new Promise(setImmediate);
  assert.ok(timers() <= before);
});

test("pages of other origins are let in when asked for", async () => {
  const { url, emulator } = await serve({ cors: true });
  const preflight = await fetch(url, { method: "OPTIONS", headers: { origin: "https://app.example", "access-control-request-method": "POST", "access-control-request-headers": "content-type" } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-headers"), "content-type");
  const response = await fetch(...signed(emulator, "DescribeZones", {}, { origin: url }));
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.match(response.headers.get("access-control-expose-headers"), /date/);
});

test("a port that cannot be had and options that are wrong reject", async () => {
  await assert.rejects(serveEmulator({ port: -1 }), { kind: "options" });
  await assert.rejects(serveEmulator({ ports: 1 }), { kind: "options", message: /ports/ });
  for (const options of [null, 5, "x", true]) {
    await assert.rejects(serveEmulator(options), { name: "QingCloudError", kind: "options", message: "serveEmulator: options must be an object" });
  }
  for (const cors of [1, "true", null]) {
    await assert.rejects(serveEmulator({ cors }), { name: "QingCloudError", kind: "options", message: "serveEmulator: \"cors\" must be true or false" });
  }
  const { url } = await serve();
  const port = Number(new URL(url).port);
  await assert.rejects(serveEmulator({ port }), (error) => {
    assert.ok(isQingCloudError(error));
    assert.equal(error.kind, "options");
    assert.equal(error.message, `serveEmulator: it cannot listen on port ${port}; give another one, or 0 for any that is free`);
    assert.equal(error.cause.code, "EADDRINUSE");
    return true;
  });
});

test("fetch refuses what fetch refuses, and carries nothing out of what was given up at once", async () => {
  const emulator = new Emulator();
  const [url] = signed(emulator, "DescribeZones");
  for (const address of ["http://", "::::", "zones", undefined, null]) await assert.rejects(emulator.fetch(address), TypeError, String(address));
  for (const method of ["TRACE", "CONNECT", "track"]) await assert.rejects(emulator.fetch(url, { method }), TypeError, method);
  for (const method of ["GET", "HEAD", undefined]) await assert.rejects(emulator.fetch(url, { method, body: "a=1" }), TypeError);
  const controller = new AbortController();
  const calls = [
    emulator.fetch(url, { signal: controller.signal }),
    emulator.fetch(...signed(emulator, "CreateProject", { project_name: "p" }, { method: "POST" }).map((part) => (typeof part === "string" ? part : { ...part, signal: controller.signal }))),
  ];
  controller.abort(new Error("given up"));
  for (const call of calls) await assert.rejects(call, { message: "given up" });
  assert.deepEqual(emulator.requests, []);
  emulator.free();
});

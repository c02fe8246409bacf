// A service that misbehaves on request, on real sockets at 127.0.0.1.
//
// It checks each signature with node:crypto (nothing of ours) and each time stamp against its own clock, which can be
// wrong, and counts by req_id what it was asked and what it carried out: a fault comes before or after that.

import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

export const KEY = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEYEXAMPLE" };

const MAX_AGE_MS = 60_000;

/** Rows of the retry table: what a client may make of a fault. */
export const TURNED_AWAY = "turned away"; // nothing was done: everybody may come back
export const STALE = "stale"; // the same, but once
export const NOT_READY = "not ready"; // the same, but in seconds
export const BUSY = "busy"; // may have been done: reads and repeatable actions may come back
export const LOST = "lost"; // nobody knows: reads may come back
export const FINAL = "final"; // refused for good
export const WELL = "well"; // odd, but an answer

const json = (value, headers) => ({ res }) => {
  res.writeHead(200, { "content-type": "application/json", ...headers });
  res.end(typeof value === "string" ? value : JSON.stringify(value));
};
const status = (code, headers) => ({ res }) => {
  res.writeHead(code, { "content-type": "text/html", ...headers });
  res.end(`<html><body>${code}</body></html>`);
};
const raw = (text, end = (socket) => socket.end()) => ({ req }) => {
  req.socket.write(text);
  end(req.socket);
};
const code = (ret_code, message = "said on request") => json({ ret_code, message });
const redirect = (code) => ({ res, url }) => {
  res.writeHead(code, { location: `${url}elsewhere` });
  res.end();
};
const unpackingTo = (bytes) => {
  let packed;
  return ({ res }) => {
    packed ??= gzipSync(Buffer.alloc(bytes, 0x20));
    res.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip", "content-length": packed.length });
    res.end(packed);
  };
};
const drip = ({ res }) => {
  res.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => res.write(" "), 20);
  res.on("close", () => clearInterval(timer));
};

/** Each fault: its row, and how it is done. */
export const FAULTS = {
  reset: [LOST, ({ req }) => req.socket.resetAndDestroy()],
  close: [LOST, ({ req }) => req.socket.destroy()],
  hang: [LOST, () => {}],
  "head, then hang": [LOST, ({ res }) => res.writeHead(200, { "content-type": "application/json" }).flushHeaders()],
  drip: [LOST, drip],
  "no HTTP": [LOST, raw("NONSENSE\r\n\r\n")],
  "cut body": [LOST, raw("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"ret_code\":0", (socket) => socket.destroySoon())],
  "bad chunk": [LOST, raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{\"ret_code\":0}\r\n0\r\n\r\n")],
  "bad gzip": [LOST, json("{\"ret_code\":0}", { "content-encoding": "gzip" })],
  "gzip bomb": [LOST, unpackingTo(64 * 1024 * 1024)],
  "status 429": [TURNED_AWAY, status(429)],
  "status 500": [LOST, status(500)],
  "status 502": [LOST, status(502)],
  "status 503": [LOST, status(503)],
  "status 504": [LOST, status(504)],
  "status 400": [FINAL, status(400)],
  "status 403": [FINAL, status(403)],
  "status 404": [FINAL, status(404)],
  "redirect 301": [FINAL, redirect(301)],
  "redirect 302": [FINAL, redirect(302)],
  "redirect 307": [FINAL, redirect(307)],
  "redirect 308": [FINAL, redirect(308)],
  "status 204": [LOST, ({ res }) => res.writeHead(204).end()],
  "status 202": [LOST, ({ res }) => res.writeHead(202, { "content-type": "application/json" }).end("{\"ret_code\":0}")],
  HTML: [LOST, status(200)],
  empty: [LOST, json("")],
  "cut JSON": [LOST, json("{\"ret_code\":0,\"instance_set\":[{")],
  "a list": [LOST, json([{ ret_code: 0 }])],
  "a text": [LOST, json("\"ret_code\"")],
  null: [LOST, json("null")],
  "no ret_code": [LOST, json({ action: "DescribeInstancesResponse" })],
  "ret_code as text": [LOST, json({ ret_code: "0" })],
  "broken ret_code": [LOST, json("{\"ret_code\":0.5}")],
  "infinite ret_code": [LOST, json("{\"ret_code\":1e999}")],
  "too deep": [LOST, json(`{"ret_code":0,"deep":${"[".repeat(200)}${"]".repeat(200)}}`)],
  "too large": [LOST, json(`{"ret_code":0,"large":"${"x".repeat(11 * 1024 * 1024)}"}`)],
  "ret_code 5000": [LOST, code(5000)],
  "ret_code 5100": [BUSY, code(5100)],
  "ret_code 5300": [TURNED_AWAY, code(5300)],
  "ret_code 1400, not ready": [NOT_READY, code(1400, "the resource is not ready yet")],
  "ret_code 1400": [FINAL, code(1400, "you are not permitted to do this")],
  "ret_code 1300": [STALE, code(1300)],
  "ret_code 1200": [FINAL, code(1200)],
  "ret_code 2100": [FINAL, code(2100)],
  "wrong type": [WELL, ({ res, answer }) => res.writeHead(200, { "content-type": "text/html" }).end(JSON.stringify(answer))],
  "slow, but whole": [WELL, ({ res, answer }) => {
    const text = JSON.stringify(answer);
    res.writeHead(200, { "content-type": "application/json", "content-length": text.length });
    res.write(text.slice(0, 5));
    setTimeout(() => res.end(text.slice(5)), 60).unref();
  }],
};

/**
 * Starts one. `fail(requestId, fault, { after, times })` arms a fault for one call, `failAll(fault)` for all until
 * `failAll()`; a fault is a name of `FAULTS` or a function like theirs.
 */
export async function faultServer(key = KEY) {
  const armed = new Map();
  const asked = new Map();
  const done = new Map();
  let forAll;
  const service = {
    /** How far this service's clock is ahead; whether its replies carry it. */
    skewMs: 0,
    sendsDate: true,
    /** Requests so far, and of these the ones at the same time: now and at most. */
    requests: 0,
    open: 0,
    mostOpen: 0,
    /** Each request's parameters, where somebody sets a list here. */
    log: undefined,
    fail: (requestId, fault, { after = false, times = 1 } = {}) => armed.set(requestId, { fault, after, times }),
    failAll: (fault, { after = false } = {}) => {
      forAll = fault && { fault, after, times: Infinity };
    },
    timesAsked: (requestId) => asked.get(requestId) ?? 0,
    timesDone: (requestId) => done.get(requestId) ?? 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  const server = createServer(async (req, res) => {
    service.requests += 1;
    service.open += 1;
    service.mostOpen = Math.max(service.mostOpen, service.open);
    res.on("close", () => {
      service.open -= 1;
    });
    req.on("error", () => {});
    res.on("error", () => {});
    const request = await readRequest(req).catch(() => undefined);
    if (request === undefined) return;
    const { requestId, parameters } = request;
    service.log?.push(parameters);
    asked.set(requestId, service.timesAsked(requestId) + 1);
    res.sendDate = false;
    if (service.sendsDate) res.setHeader("date", new Date(Date.now() + service.skewMs).toUTCString());
    const refusal = refuse(request, key, Date.now() + service.skewMs);
    if (refusal !== undefined) return json(refusal)({ res });
    const answer = { action: `${parameters.action}Response`, ret_code: 0, instance_set: [{ instance_id: "i-00000001", status: "running" }], total_count: 1 };
    const carryOut = () => done.set(requestId, service.timesDone(requestId) + 1);
    const trouble = armed.get(requestId) ?? forAll;
    if (trouble === undefined || trouble.times === 0) {
      carryOut();
      return json(answer)({ res });
    }
    trouble.times -= 1;
    const [row, perform] = typeof trouble.fault === "function" ? [LOST, trouble.fault] : FAULTS[trouble.fault];
    if (trouble.after || row === WELL) carryOut();
    perform({ req, res, answer, parameters, url: service.url });
  });
  server.on("clientError", (_, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  service.url = `http://127.0.0.1:${server.address().port}/iaas/`;
  return service;
}

async function readRequest(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const [path, query = ""] = req.url.split("?");
  const text = req.method === "POST" ? Buffer.concat(chunks).toString() : query;
  const parameters = Object.fromEntries(new URLSearchParams(text));
  return { method: req.method, path, text, parameters, requestId: parameters.req_id };
}

/** What the service says against a request, if anything. */
function refuse({ method, path, text, parameters }, key, nowMs) {
  const [signed, signature] = text.split("&signature=");
  const wanted = createHmac("sha256", key.secretAccessKey).update(`${method}\n${path}\n${signed}`).digest("base64");
  if (parameters.access_key_id !== key.accessKeyId || decodeURIComponent(signature ?? "") !== wanted) {
    return { ret_code: 1200, message: "the signature does not match" };
  }
  const stampMs = Date.parse(parameters.time_stamp);
  const lapsesMs = parameters.expires === undefined ? stampMs + MAX_AGE_MS : Date.parse(parameters.expires);
  if (nowMs > lapsesMs || stampMs > nowMs + MAX_AGE_MS) return { ret_code: 1300, message: "the request has expired" };
  return undefined;
}

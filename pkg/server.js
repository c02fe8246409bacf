// The half of `remote` that holds the key: a standard Request → Response handler for a server of one's own.
//
// It is a boundary. What is not allowed by name is refused; nothing of a request is signed but an allowed action with
// allowed parameters, and what a signature vouches for (key, time, version, lifetime) never comes from the request.

import { isQingCloudError, QingCloudError } from "./error.js";
import { readBody } from "./server-body.js";
import { objection, readRules } from "./server-rules.js";

export { isQingCloudError, QingCloudError };

const OPTIONS = ["client", "allow", "authorize", "mode", "origins", "callsPerMinute", "maxBodyBytes", "maxExpiresInSeconds"];
const FIELDS = ["action", "params", "zone", "method", "requestId", "expiresInSeconds"];

/** Callers whose rate is remembered; beyond that, the one not seen for longest is forgotten. */
const MAX_CALLERS = 10_000;

/** What an error tells over the wire. Its cause stays here. */
const TOLD = [
  "kind", "message", "action", "zone", "retCode", "reason", "httpStatus", "requestId", "attempts", "retryable", "outcome", "readBack", "violations", "response",
];

/** Why a request is not served: a status, and the fields of the QingCloudError that the caller gets. */
class Refusal extends Error {
  constructor(status, message, { headers = {}, ...fields } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.fields = { kind: "parameters", message, httpStatus: status, ...fields };
  }
}

export function createHandler(options) {
  const settings = readOptions(options);
  return async function handle(request) {
    const origin = request.headers.get("origin");
    try {
      requireOrigin(settings, request, origin);
      if (request.method === "OPTIONS" && origin !== null) return preflight(request, origin);
      const caller = await admit(settings, request);
      const call = await readCall(settings, request, caller);
      return reply(200, await perform(settings, call, request.signal), origin);
    } catch (error) {
      if (error instanceof Refusal) return reply(error.status, { error: error.fields }, error.isForeign ? null : origin, error.headers);
      return reply(500, { error: { kind: "http", message: "the server failed", httpStatus: 500, outcome: "unknown" } }, origin);
    }
  };
}

function readOptions(options) {
  const misuse = (problem) => new QingCloudError({ kind: "options", message: `createHandler: ${problem}` });
  if (typeof options !== "object" || options === null) throw misuse("give an options object with client, allow and authorize");
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw misuse(`unknown option ${JSON.stringify(unknown)}; known are ${OPTIONS.join(", ")}`);
  const { client, allow, authorize, mode = "proxy", origins, callsPerMinute = 60, maxBodyBytes = 64 * 1024, maxExpiresInSeconds = 60 } = options;
  if (typeof client?.call !== "function" || typeof client.signAsync !== "function") throw misuse("\"client\" must be a QingCloudClient that holds a key");
  if (typeof authorize !== "function") throw misuse("\"authorize\" must be a function that decides who may call; without one everybody could");
  if (mode !== "proxy" && mode !== "sign") throw misuse("\"mode\" must be \"proxy\" or \"sign\"");
  for (const [name, count] of Object.entries({ callsPerMinute, maxBodyBytes, maxExpiresInSeconds })) {
    if (!Number.isSafeInteger(count) || count < 1) throw misuse(`"${name}" must be a whole number of at least 1`);
  }
  return {
    client, authorize, mode, maxBodyBytes, maxExpiresInSeconds,
    rules: readRules(allow),
    origins: origins === undefined ? undefined : readOrigins(origins, misuse),
    rate: new Rate(callsPerMinute),
  };
}

function readOrigins(origins, misuse) {
  const isOrigin = (text) => typeof text === "string" && URL.canParse(text) && new URL(text).origin === text && text !== "null";
  if (!Array.isArray(origins) || !origins.every(isOrigin)) throw misuse("\"origins\" must be a list of origins such as https://app.example.com");
  return new Set(origins);
}

/** A page may call from the handler's own origin, or from those that are listed. What is no page sends no origin. */
function requireOrigin({ origins }, request, origin) {
  if (origin === null) return;
  const isAllowed = origins === undefined ? origin === new URL(request.url).origin : origins.has(origin);
  if (isAllowed) return;
  const refusal = new Refusal(403, "this origin is not allowed here; list it in \"origins\"");
  refusal.isForeign = true;
  throw refusal;
}

function preflight(request, origin) {
  const asked = request.headers.get("access-control-request-headers") ?? "";
  const headers = {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST",
    "access-control-max-age": "600",
    vary: "origin, access-control-request-headers",
  };
  // An allowed page may send what its handler's authorize wants to see, such as authorization.
  if (/^[\w-]+(\s*,\s*[\w-]+)*$/.test(asked)) headers["access-control-allow-headers"] = asked;
  return new Response(null, { status: 204, headers });
}

/** Who calls, once the request has the right form and its sender may call at all. */
async function admit({ authorize, rate }, request) {
  if (request.method !== "POST") throw new Refusal(405, "only POST is served here", { headers: { allow: "POST" } });
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(request.headers.get("content-type") ?? "")) {
    throw new Refusal(415, "the body must be JSON, with content-type application/json");
  }
  if (request.headers.has("content-encoding")) throw new Refusal(415, "the body must not be compressed");
  const caller = await ask(authorize, request);
  if (caller === undefined) throw new Refusal(403, "you are not allowed to call here", { kind: "credentials" });
  if (request.bodyUsed) throw new Error("authorize must leave the body alone");
  const waitMs = rate.take(callerName(caller));
  if (waitMs > 0) {
    const headers = { "retry-after": String(Math.ceil(waitMs / 1000)) };
    throw new Refusal(429, "too many calls; wait before the next", { kind: "http", retryable: true, headers });
  }
  return caller;
}

/** What `authorize` says of the sender; undefined for everything that is no clear yes. */
async function ask(authorize, request) {
  let answer;
  try {
    answer = await authorize(request);
  } catch {
    return undefined;
  }
  const isYes = answer === true || (typeof answer === "string" && answer !== "") || (typeof answer === "object" && answer !== null && !saysNo(answer));
  return isYes ? answer : undefined;
}

/** A response or an error is what somebody gives who means no; it may be of another library or realm. */
function saysNo(answer) {
  if (answer instanceof Response || answer instanceof Error) return true;
  const tag = Object.prototype.toString.call(answer);
  return tag === "[object Response]" || tag === "[object Error]" || tag === "[object DOMException]";
}

function callerName(caller) {
  if (typeof caller === "string") return caller;
  return typeof caller.id === "string" || typeof caller.id === "number" ? String(caller.id) : "";
}

/** The call that a request asks for, as far as it is allowed. */
async function readCall({ rules, maxBodyBytes, maxExpiresInSeconds, mode }, request, caller) {
  const { value, problem } = await readBody(request, maxBodyBytes);
  if (problem === "large") throw new Refusal(413, `the body is larger than ${maxBodyBytes} bytes`);
  if (problem === "slow") throw new Refusal(408, "the body did not come in time");
  const isObject = (part) => typeof part === "object" && part !== null && !Array.isArray(part);
  if (problem !== undefined || !isObject(value)) throw new Refusal(400, "the body must be one JSON object in UTF-8, with no name twice");
  const stranger = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined) throw new Refusal(400, `the body has the unknown name ${JSON.stringify(stranger.slice(0, 64))}; known are ${FIELDS.join(", ")}`);
  const { action, params = {}, zone, method, requestId, expiresInSeconds } = value;
  if (typeof action !== "string") throw new Refusal(400, "\"action\" must be a string");
  if (!isObject(params)) throw new Refusal(400, "\"params\" must be an object");
  if (zone !== undefined && typeof zone !== "string") throw new Refusal(400, "\"zone\" must be a string");
  if (method !== undefined && method !== "GET" && method !== "POST") throw new Refusal(400, "\"method\" must be \"GET\" or \"POST\"");
  if (requestId !== undefined && !(typeof requestId === "string" && /^[\w.-]{1,64}$/.test(requestId))) {
    throw new Refusal(400, "\"requestId\" must be 1 to 64 letters, digits, dots, dashes and underscores");
  }
  if (expiresInSeconds !== undefined && !(Number.isSafeInteger(expiresInSeconds) && expiresInSeconds >= 1)) {
    throw new Refusal(400, "\"expiresInSeconds\" must be a whole number of at least 1");
  }
  const { zone: zoneParameter, ...own } = params;
  if (Object.hasOwn(params, "zone") && (zone !== undefined || typeof zoneParameter !== "string")) {
    throw new Refusal(400, "the zone must be given once, as a string");
  }
  const call = { action, params: own, zone: zone ?? zoneParameter };
  const why = judged(rules, call, caller);
  if (why !== undefined) throw new Refusal(403, why, { action: rules.has(action) ? action : undefined });
  // A signature that is given away lapses soon, whether the caller asked for that or not.
  const asked = expiresInSeconds ?? (mode === "sign" ? maxExpiresInSeconds : undefined);
  const signing = { zone: call.zone, method, requestId, expiresInSeconds: asked && Math.min(asked, maxExpiresInSeconds) };
  return { action, params: own, signing: Object.fromEntries(Object.entries(signing).filter(([, part]) => part !== undefined)) };
}

function judged(rules, call, caller) {
  try {
    return objection(rules, call, caller);
  } catch {
    return "a parameter is out of bounds here";
  }
}

/** Makes or signs the call. What the service says against it is an answer too. */
async function perform({ client, mode }, { action, params, signing }, signal) {
  try {
    if (mode === "sign") return { signed: await client.signAsync(action, params, signing) };
    return { answer: await client.call(action, params, { ...signing, signal }) };
  } catch (error) {
    if (!isQingCloudError(error)) throw error;
    return { error: told(error, action) };
  }
}

function told(error, action) {
  // Where the server looked for its key is none of the caller's business, and that may have been a call as well.
  if (error.kind === "credentials" || isFromBeneath(error, action)) return { kind: "credentials", message: `${action}: the server has no usable key`, action, outcome: "not-executed" };
  const fields = Object.fromEntries(TOLD.map((name) => [name, error[name]]));
  return { ...fields, safeAfter: error.safeAfter?.getTime() };
}

/** Whether an error is of another call, or of a request where none was sent: then it is that of a source of keys. */
function isFromBeneath(error, action) {
  return (error.action ?? action) !== action || (error.attempts === 0 && ["network", "http", "response", "api", "job"].includes(error.kind));
}

function reply(status, content, origin, headers = {}) {
  const cors = origin === null ? {} : { "access-control-allow-origin": origin, "access-control-expose-headers": "retry-after" };
  return new Response(JSON.stringify(content), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff", vary: "origin", ...cors, ...headers },
  });
}

/** A bucket of calls for each caller, filled again within a minute. */
class Rate {
  #limit;
  #buckets = new Map();

  constructor(callsPerMinute) {
    this.#limit = callsPerMinute;
  }

  /** Takes one call of `name`, or gives the ms until there is one. */
  take(name) {
    const perMs = this.#limit / 60_000;
    const now = Date.now();
    const { left, at } = this.#buckets.get(name) ?? { left: this.#limit, at: now };
    const filled = Math.min(this.#limit, left + Math.max(0, now - at) * perMs);
    const isMine = filled >= 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { left: isMine ? filled - 1 : filled, at: now });
    if (this.#buckets.size > MAX_CALLERS) this.#buckets.delete(this.#buckets.keys().next().value);
    return isMine ? 0 : (1 - filled) / perMs;
  }
}

// One call under one fault, and what has to be true of it, whatever the fault: shared by the quick and the long form.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { QingCloudClient, isQingCloudError } from "qingcloud-wasm";
import { BUSY, FAULTS, FINAL, KEY, LOST, NOT_READY, STALE, TURNED_AWAY, WELL } from "./fault-server.js";

const PATIENCE = { timeoutMs: 300, deadlineMs: 800 };
/** How long after its deadline a call may take to say so. */
const GRACE_MS = 250;

/** How long this process has stood still so far: on a busy machine that is no time of the client's. */
let stalledMs = 0;
let beatMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  stalledMs += Math.max(0, nowMs - beatMs - 30);
  beatMs = nowMs;
}, 20).unref();

/** One action of each kind that the retry table knows. */
export const ACTIONS = {
  read: { action: "DescribeInstances", isRead: true, isRepeatable: true },
  change: { action: "RestartInstances", params: { instances: ["i-00000001"] } },
  "repeatable change": { action: "StopInstances", params: { instances: ["i-00000001"] }, isRepeatable: true },
  create: { action: "RunInstances", params: { image_id: "centos64x86a", instance_type: "small_b", zone: "pek3" } },
};

export function clientFor(service, options = {}) {
  return new QingCloudClient({ ...KEY, zone: "pek3", endpoint: service.url, ...PATIENCE, validate: "off", ...options });
}

/** Whether a client may try again after a fault of this row. */
export function isCurable(row, { isRead, isRepeatable }) {
  return row === TURNED_AWAY || row === STALE || (row === BUSY && isRepeatable === true) || (row === LOST && isRead === true);
}

/** What a call that fails has to say of what was done. */
function outcomeOf(row, { isRead }) {
  const isUnknown = (row === LOST || row === BUSY) && !isRead;
  return isUnknown ? "unknown" : "not-executed";
}

/**
 * All combinations worth trying: a service that turns away or refuses has done nothing, so it cannot do so after. The
 * faults that are much work come far from each other.
 */
export function combinations() {
  const all = [];
  for (const kind of Object.keys(ACTIONS)) {
    for (const method of ["GET", "POST"]) {
      for (const after of [false, true]) {
        for (const [fault, [row]] of Object.entries(FAULTS)) {
          if (!after || row === LOST || row === BUSY) all.push({ fault, row, kind, method, after });
        }
      }
    }
  }
  return all;
}

/**
 * Makes a call whose first `times` attempts meet the fault, asserts what has to be true of every call, and gives
 * "well", "cured" or "failed".
 */
export async function callUnder(service, client, { fault, row, kind, method, after, times = 1 }, { timeoutMs, deadlineMs } = PATIENCE) {
  const what = `${fault}, ${after ? "after" : "before"} it was done, ${method}, ${kind}`;
  const { action, params, ...traits } = ACTIONS[kind];
  const requestId = randomUUID().replaceAll("-", "");
  service.fail(requestId, fault, { after, times });
  const startedMs = performance.now();
  const stalledBeforeMs = stalledMs;
  let answer;
  let error;
  try {
    answer = await client.call(action, params, { method, requestId });
  } catch (thrown) {
    error = thrown;
  }
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs - (stalledMs - stalledBeforeMs) <= deadlineMs + GRACE_MS, `${what}: settled after ${tookMs} ms`);
  const timesDone = service.timesDone(requestId);
  if (!traits.isRepeatable) assert.ok(timesDone <= 1, `${what}: carried out ${timesDone} times`);
  // What is not ready is asked again where the deadline leaves the two seconds for it; a read whose reply a busy machine
  // held up comes back whatever the reply would have said.
  const mayReturn = isCurable(row, traits) || (row === NOT_READY && deadlineMs > 2000) || (traits.isRead && tookMs >= timeoutMs);
  // A connection that is gone by then may keep it from being asked at all.
  if (!mayReturn) assert.ok(service.timesAsked(requestId) <= 1, `${what}: asked again`);
  if (row === STALE && tookMs < timeoutMs) assert.ok(service.timesAsked(requestId) <= 2, `${what}: asked more than once again`);
  if (error === undefined) {
    assert.equal(answer.ret_code, 0, what);
    assert.ok(row === WELL || mayReturn, `${what}: succeeded`);
    return row === WELL ? "well" : "cured";
  }
  assert.ok(isQingCloudError(error) && error instanceof Error, `${what}: rejected with ${error}`);
  // A busy machine may reply too late, whatever it says then.
  const seen = error.kind === "timeout" ? LOST : row;
  assert.equal(error.outcome, outcomeOf(seen, traits), `${what}: ${error.message}`);
  assert.equal(error.requestId, requestId, what);
  assert.equal(error.action, action, what);
  assert.equal(error.zone, "pek3", what);
  assert.ok(error.attempts >= 1 && error.attempts <= 3, what);
  if (error.outcome === "unknown") {
    assert.ok(error.safeAfter > Date.now() - 60_000, `${what}: safeAfter`);
    assert.equal(error.retryable, seen === BUSY && traits.isRepeatable === true, what);
    assert.ok(error.readBack === undefined || error.readBack.action.startsWith("Describe"), what);
  } else if (timesDone > 0 && !traits.isRead) {
    assert.fail(`${what}: done, but said to be ${error.outcome}`);
  }
  if (seen === FINAL || seen === STALE) assert.equal(error.retryable, false, what);
  if (seen === NOT_READY || seen === TURNED_AWAY) assert.equal(error.retryable, true, what);
  return "failed";
}

/** Runs `work` on every item, so many at a time. */
export async function inParallel(items, width, work) {
  const results = [];
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at], at);
    }
  }));
  return results;
}

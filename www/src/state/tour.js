// Runs the tour against the emulator in the page, and keeps every request that it makes.

import { batch, signal } from "@preact/signals";
import { readWire, withRequest } from "../model/wire.js";
import { emulatorForKey, JOB_DURATION_MS } from "./emulator.js";
import { loadClient } from "./library.js";
import { keyOptions } from "./signing.js";
import { CLEAN_UP, STEPS } from "./tour-steps.js";

const ZONE = "pek3a";
const POLL_MS = 400;
// Steps that answer in a millisecond would be over before anybody saw them.
const PAUSE_MS = 500;

export const TOUR_STEPS = [...STEPS, CLEAN_UP].map(({ id }) => id);

/** `{ status: "idle" | "running" | "done" | "failed" | "stopped", problem, seconds }`. */
export const tour = signal({ status: "idle" });

/** Step id → `{ state, requests, job }`. */
export const steps = signal({});

let abort;

/** Goes through all steps. What was made is taken away in the end, however it ends. */
export async function startTour() {
  if (tour.value.status === "running") return;
  const controller = new AbortController();
  abort = controller;
  batch(() => {
    tour.value = { status: "running" };
    steps.value = {};
  });
  const since = performance.now();
  const made = {};
  let run;
  let end = { status: "done" };
  try {
    run = await openRun(controller.signal);
    for (const step of STEPS) await run.step(step, made);
  } catch (error) {
    end = controller.signal.aborted ? { status: "stopped" } : { status: "failed", problem: error.message };
  }
  // From here on nothing stops it.
  try {
    await run?.step(CLEAN_UP, made, true);
  } catch (error) {
    end = { status: "failed", problem: error.message };
  }
  run?.close();
  tour.value = { ...end, seconds: (performance.now() - since) / 1000 };
}

export function stopTour() {
  abort?.abort();
}

async function openRun(signal) {
  const [QingCloudClient, { fetch }] = await Promise.all([loadClient(), emulatorForKey()]);
  let current;
  const client = new QingCloudClient({ ...keyOptions(), zone: ZONE, fetch: recorded(fetch, (request) => change(current, ({ requests }) => ({ requests: withRequest(requests, request) }))) });
  // A password of its own for an instance that lives a few seconds.
  const password = `Tour-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  return {
    async step({ id, run }, made, isLast = false) {
      const stop = isLast ? undefined : signal;
      stop?.throwIfAborted();
      current = id;
      change(id, () => ({ state: "running" }));
      try {
        const call = (action, params) => client.call(action, params, { signal: stop });
        await run(call, made, { password, wait: (job) => watch(client, job, id, stop) });
        change(id, () => ({ state: "done" }));
        if (!isLast) await pause(stop);
      } catch (error) {
        change(id, () => ({ state: "failed" }));
        throw error;
      }
    },
    close: () => client.free(),
  };
}

/** Waits for a job and shows how far it is; the emulator's jobs all take the same time. */
async function watch(client, job, id, signal) {
  const since = performance.now();
  const onProgress = (progress) => change(id, () => ({ job: { ...progress, share: Math.min((performance.now() - since) / JOB_DURATION_MS, 0.99) } }));
  onProgress({ done: 0, total: 1, jobs: [] });
  await client.waitForJobs(job, { signal, minIntervalMs: POLL_MS, maxIntervalMs: POLL_MS, onProgress });
}

function change(id, changed) {
  const step = steps.value[id] ?? { state: "waiting", requests: [] };
  steps.value = { ...steps.value, [id]: { ...step, ...changed(step) } };
}

function pause(signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, PAUSE_MS);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

let lastId = 0;

/** `fetch` that tells of each request and its answer. */
function recorded(fetch, tell) {
  return async (url, init) => {
    const since = performance.now();
    const response = await fetch(url, init);
    const answer = await response.clone().json();
    tell({ id: ++lastId, ...readWire(url, init?.body), url, body: init?.body, answer, durationMs: performance.now() - since });
    return response;
  };
}

// Watching jobs, wherever calls are sent to.

import { signal } from "@preact/signals";
import { destination } from "./calls.js";
import { loadClient } from "./library.js";

const INTERVAL_MS = 400;

/** `{ ids, done, total, jobs, problem }`; undefined before any was watched. */
export const watched = signal();

let abort;

/** Polls until all are done. A later watch takes the place of an earlier one. */
export async function watch(ids, zone) {
  abort?.abort();
  const controller = new AbortController();
  abort = controller;
  const mine = (change) => {
    if (watched.value?.ids === ids) watched.value = { ...watched.value, ...change };
  };
  watched.value = { ids, done: 0, total: ids.length, jobs: [] };
  let client;
  try {
    const [QingCloudClient, options] = await Promise.all([loadClient(), destination()]);
    client = new QingCloudClient(options);
    await client.waitForJobs(ids, { ...(zone && { zone }), signal: controller.signal, minIntervalMs: INTERVAL_MS, maxIntervalMs: 5 * INTERVAL_MS, onProgress: mine });
  } catch (error) {
    if (!controller.signal.aborted) mine({ problem: error.message });
  } finally {
    client?.free();
  }
}

/** Ends the watch: where nothing answers, it would go on for ten minutes. */
export function stopWatching() {
  abort?.abort();
  watched.value = undefined;
}

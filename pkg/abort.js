// Callers' AbortSignals, of any realm. One listener serves all calls that share a signal: platforms warn where one signal
// has many.

/** What is to be called when a signal aborts. */
const waiting = /* @__PURE__ */ new WeakMap();

function tellAll({ currentTarget }) {
  for (const callback of [...(waiting.get(currentTarget) ?? [])]) callback();
}

/** Calls `callback` once `signal` aborts, until `unlisten`. Gives whether it has already; throws where it is no signal. */
export function listen(signal, callback) {
  const { aborted, addEventListener, removeEventListener } = signal;
  if (typeof aborted !== "boolean" || typeof addEventListener !== "function" || typeof removeEventListener !== "function") {
    throw new TypeError("this is no AbortSignal");
  }
  let callbacks = waiting.get(signal);
  if (callbacks === undefined) {
    callbacks = new Set();
    signal.addEventListener("abort", tellAll);
    waiting.set(signal, callbacks);
  }
  callbacks.add(callback);
  return aborted;
}

/** Takes back what `listen` did. */
export function unlisten(signal, callback) {
  const callbacks = waiting.get(signal);
  if (callbacks === undefined || !callbacks.delete(callback) || callbacks.size > 0) return;
  waiting.delete(signal);
  try {
    signal.removeEventListener("abort", tellAll);
  } catch {
    // Whoever made it takes what comes: nobody listens any more.
  }
}

/** Why `signal` aborted. */
export function reasonOf(signal) {
  try {
    return signal.reason;
  } catch (thrown) {
    return thrown;
  }
}

// Callers' AbortSignals, of any realm. One listener serves all calls that share a signal: platforms warn where one signal
// has many.

/** What is to be called when a signal aborts. */
const waiting = /* @__PURE__ */ new WeakMap();

function tellAll({ currentTarget }) {
  for (const callback of [...(waiting.get(currentTarget) ?? [])]) callback();
}

/** Listens to a signal until it is stopped. */
export class Watch {
  #signal;
  #callback;

  /** Calls `callback` once `signal` aborts. Throws where it is no signal, as far as can be seen. */
  constructor(signal, callback) {
    const { aborted, addEventListener, removeEventListener } = signal;
    if (typeof aborted !== "boolean" || typeof addEventListener !== "function" || typeof removeEventListener !== "function") {
      throw new TypeError("this is no AbortSignal");
    }
    this.#signal = signal;
    this.#callback = callback;
    /** Whether it had aborted before. */
    this.aborted = aborted;
    let callbacks = waiting.get(signal);
    if (callbacks === undefined) {
      callbacks = new Set();
      signal.addEventListener("abort", tellAll);
      waiting.set(signal, callbacks);
    }
    callbacks.add(callback);
  }

  /** Why the signal aborted. */
  get reason() {
    try {
      return this.#signal.reason;
    } catch (thrown) {
      return thrown;
    }
  }

  stop() {
    const callbacks = waiting.get(this.#signal);
    if (callbacks === undefined || !callbacks.delete(this.#callback) || callbacks.size > 0) return;
    waiting.delete(this.#signal);
    try {
      this.#signal.removeEventListener("abort", tellAll);
    } catch {
      // Whoever made it takes what comes: nobody listens any more.
    }
  }
}

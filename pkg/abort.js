// Callers' AbortSignals, of any realm. One listener serves all calls that share a signal: platforms warn where one signal
// has many.

/** By signal: what is to be called when it aborts, and the listener that does so. */
const waiting = /* @__PURE__ */ new WeakMap();

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
    let shared = waiting.get(signal);
    if (shared === undefined) {
      const callbacks = new Set();
      // Asks nothing of the event: that of a proxy is another object's, and a replaced signal may give none.
      const tellAll = () => [...callbacks].forEach((tell) => tell());
      signal.addEventListener("abort", tellAll);
      shared = { callbacks, tellAll };
      waiting.set(signal, shared);
    }
    shared.callbacks.add(callback);
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
    const shared = waiting.get(this.#signal);
    if (shared === undefined || !shared.callbacks.delete(this.#callback) || shared.callbacks.size > 0) return;
    waiting.delete(this.#signal);
    try {
      this.#signal.removeEventListener("abort", shared.tellAll);
    } catch {
      // Whoever made it takes what comes: nobody listens any more.
    }
  }
}

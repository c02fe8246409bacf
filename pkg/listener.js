// Users' listeners: they are told, and can change nothing.

function nothing() {}

/** Calls `listener` with `told`. What it throws is lost, and so is what its promise rejects with, if it gives one. */
export function tell(listener, told) {
  try {
    const gave = listener(told);
    if (typeof gave?.then === "function") gave.then(nothing, nothing);
  } catch {
    // A broken listener is no reason to break a call.
  }
}

// The one error class of all entries and formats.

const BRAND = Symbol.for("qingcloud-wasm.QingCloudError");

/** Whether `value` is an error of this package, of this copy or another. */
export function isQingCloudError(value) {
  return typeof value === "object" && value !== null && value[BRAND] === true;
}

// Some fetch replacements put the signed URL into their own message.
function withoutSignature(cause) {
  const seen = cause instanceof Error ? `${cause.message}${cause.stack}` : String(cause);
  return /signature|access_key_id/i.test(seen)
    ? new Error("the cause is left out: its text held a signed request")
    : cause;
}

export class QingCloudError extends Error {
  /** `fields` as Rust's `Error` is serialised; absent ones are left out. */
  constructor({ message, kind, action, zone, attempts = 0, retryable = false, outcome = "not-executed", safeAfter, cause, response, ...rest }) {
    super(message, cause === undefined ? undefined : { cause: withoutSignature(cause) });
    this.kind = kind;
    this.action = action;
    this.zone = zone;
    Object.assign(this, rest);
    this.attempts = attempts;
    this.retryable = retryable;
    this.outcome = outcome;
    if (safeAfter !== undefined) this.safeAfter = new Date(safeAfter);
    if (response !== undefined) this.response = response;
  }

  get name() {
    return "QingCloudError";
  }

  get [BRAND]() {
    return true;
  }
}

// The one error class of all entries and formats.

const BRAND = Symbol.for("qingcloud-wasm.QingCloudError");

/** Whether `value` is an error of this package, of this copy or another. */
export function isQingCloudError(value) {
  try {
    return typeof value === "object" && value !== null && value[BRAND] === true;
  } catch {
    return false;
  }
}

// Some fetch replacements put the signed request into their own errors: into the message, or into a field.
function withoutSignature(cause) {
  return holdsSignature([cause]) ? new Error("the cause is left out: it held a signed request") : cause;
}

/** Looks through what `seen` holds, as far as a printed error would show it. */
function holdsSignature(seen) {
  for (let at = 0; at < seen.length; at += 1) {
    const value = seen[at];
    if (typeof value === "string") {
      if (/(?:signature|access_key_id)(?:=|%3d|"\s*:)/i.test(value)) return true;
    } else if (typeof value === "object" && value !== null) {
      // A graph this large is the platform's whole machinery: nobody needs it, and nobody can say what is in it.
      if (seen.length > 2000) return true;
      try {
        for (const name of [...Reflect.ownKeys(value), "url", "href"]) if (!seen.includes(value[name])) seen.push(value[name]);
      } catch {
        return true;
      }
    }
  }
  return false;
}

/** What an error may say besides what all errors say. A field of another name, which a server or a class of the caller's may have given, is none of ours. */
const MORE = ["retCode", "reason", "httpStatus", "requestId", "readBack", "violations", "response", "polls", "lastStatus"];

export class QingCloudError extends Error {
  // Each entry may have a class of its own, and so may a second copy of the package. (A class derived from it is asked
  // by JavaScript's own rule; naming this class here would make a bundler give it another name.)
  static [Symbol.hasInstance](value) {
    return Object.hasOwn(this.prototype, BRAND) ? isQingCloudError(value) : super[Symbol.hasInstance](value);
  }

  /** `fields` as Rust's `Error` is serialised; absent ones are left out. */
  constructor({ message, kind, action, zone, attempts = 0, retryable = false, outcome = "not-executed", safeAfter, cause, ...rest }) {
    super(typeof message === "string" ? message : "", cause === undefined ? undefined : { cause: withoutSignature(cause) });
    this.kind = kind;
    this.action = action;
    this.zone = zone;
    for (const name of MORE) if (rest[name] !== undefined) this[name] = rest[name];
    this.attempts = attempts;
    this.retryable = retryable;
    this.outcome = outcome;
    if (safeAfter !== undefined) this.safeAfter = new Date(safeAfter);
  }

  get name() {
    return "QingCloudError";
  }

  get [BRAND]() {
    return true;
  }
}

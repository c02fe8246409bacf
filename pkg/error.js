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

/** What shows its members though they are no properties. */
const COLLECTION = /^\[object (?:Map|Set|Headers|URLSearchParams|FormData|String)\]$/;

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
        const names = Reflect.ownKeys(value);
        // What a query was taken apart into is one too.
        if (names.includes("signature")) return true;
        for (const name of [...names, "url", "href"]) if (!seen.includes(value[name])) seen.push(value[name]);
        if (COLLECTION.test(Object.prototype.toString.call(value))) {
          const held = [...value].map((entry) => (Array.isArray(entry) ? entry.join("=") : entry));
          // The members of a string object are its characters.
          seen.push(held.join(value instanceof String ? "" : "&"), ...[...value].flat());
        }
      } catch {
        return true;
      }
    }
  }
  return false;
}

const KINDS = ["options", "parameters", "credentials", "network", "timeout", "http", "response", "api", "job"];
const OUTCOMES = ["not-executed", "executed", "unknown"];

/**
 * What an error may say besides what all say, and of what type. Its fields may come from a server or from a class of the
 * caller's: a field of another name or type is none of ours.
 */
const MORE = { retCode: "number", reason: "string", httpStatus: "number", requestId: "string", readBack: "object", violations: "object", polls: "number", lastStatus: "string" };

const text = (value) => (typeof value === "string" ? value : undefined);

export class QingCloudError extends Error {
  // Each entry may have a class of its own, and so may a second copy of the package. (A class derived from it is asked
  // by JavaScript's own rule; naming this class here would make a bundler give it another name.)
  static [Symbol.hasInstance](value) {
    return Object.hasOwn(this.prototype, BRAND) ? isQingCloudError(value) : super[Symbol.hasInstance](value);
  }

  /** `fields` as Rust's `Error` is serialised; absent ones are left out. */
  constructor({ message, kind, action, zone, attempts, retryable, outcome, safeAfter, cause, response, ...rest }) {
    const sentence = holdsSignature([message]) ? "the message is left out: it held a signed request" : message;
    super(text(sentence) ?? "", cause === undefined ? undefined : { cause: withoutSignature(cause) });
    this.kind = KINDS.includes(kind) ? kind : "response";
    this.action = text(action);
    this.zone = text(zone);
    for (const [name, type] of Object.entries(MORE)) if (rest[name] !== null && typeof rest[name] === type) this[name] = rest[name];
    this.attempts = Number.isInteger(attempts) ? attempts : 0;
    this.retryable = retryable === true;
    this.outcome = OUTCOMES.includes(outcome) ? outcome : "not-executed";
    const time = typeof safeAfter === "number" || safeAfter instanceof Date ? Number(safeAfter) : NaN;
    if (!Number.isNaN(time)) this.safeAfter = new Date(time);
    if (response !== undefined) this.response = response;
  }

  get name() {
    return "QingCloudError";
  }

  get [BRAND]() {
    return true;
  }
}

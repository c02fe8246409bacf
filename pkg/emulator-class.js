// The thin public class over the emulator module: turns what fetch takes into text and bytes, and text into a Response.

import { diagnose as look, EmulatorCore, initSync } from "./dist/emulator.js";
import { QingCloudError } from "./error.js";
import { withSecret } from "./secret.js";
import { cutShort, needing } from "./stack.js";

/** The way for other entries to an emulator's answers, effects and all. */
export const HANDLE = /* @__PURE__ */ Symbol("handle");

/** How an answer arrives, as the module counts it. */
export const WHOLE = 0;
export const HANG = 1;
export const LOST = 2;
export const CUT = 3;

const NOTHING = /* @__PURE__ */ new Uint8Array();
// These statuses have no body, and Response insists on it.
const BODILESS = /* @__PURE__ */ new Set([204, 205, 304]);

const needStack = /* @__PURE__ */ needing(32);

let stackPointer;

/** Instantiates the module once; `load` gives this entry's WebAssembly.Module. */
export function prepare(load) {
  if (stackPointer !== undefined) return;
  needStack();
  ({ __stack_pointer: stackPointer } = initSync({ module: load() }));
}

/** Lets `work` enter the module, which stays as it was where the stack is too full. What it throws is one sentence. */
function enter(owner, work) {
  const height = stackPointer.value;
  try {
    needStack();
    return work();
  } catch (thrown) {
    stackPointer.value = height;
    throw typeof thrown === "string" ? wrong(thrown) : cutShort("options", owner, thrown);
  }
}

/** The class of one entry. */
export function emulatorClass(load) {
  return class Emulator {
    #core;
    #now;

    constructor(options = {}) {
      if (typeof options !== "object" || options === null) throw wrong("Emulator: options must be an object");
      const { now = Date.now, ...rest } = options;
      if (typeof now !== "function") throw wrong("Emulator: \"now\" must be a function that gives milliseconds");
      const text = json("Emulator", rest);
      prepare(load);
      this.#now = now;
      this.#core = enter("Emulator", () => new EmulatorCore(text));
      // Bound, so that `fetch: emulator.fetch` works.
      this.fetch = this.#fetch.bind(this);
    }

    get accessKeyId() {
      return this.#enter((core) => core.accessKeyId);
    }

    get secretAccessKey() {
      return this.#enter((core) => core.secretAccessKey);
    }

    get requests() {
      return JSON.parse(this.#enter((core) => core.requests));
    }

    advance(milliseconds) {
      if (!Number.isFinite(milliseconds)) throw wrong("Emulator: advance needs a number of milliseconds");
      this.#enter((core) => core.advance(milliseconds));
    }

    snapshot() {
      return this.#enter((core) => core.snapshot());
    }

    restore(snapshot) {
      const text = typeof snapshot === "string" ? snapshot : json("Emulator restore", snapshot);
      this.#enter((core) => core.restore(text));
    }

    reset() {
      this.#enter((core) => core.reset());
    }

    free() {
      if (this.#core === undefined) return;
      this.#enter((core) => {
        this.#core = undefined;
        core.free();
      });
    }

    [Symbol.dispose ?? Symbol.for("dispose")]() {
      this.free();
    }

    [HANDLE](method, url, bytes) {
      const now = this.#now();
      if (!Number.isFinite(now)) throw wrong("Emulator: \"now\" gave no number of milliseconds");
      return this.#enter((core) => {
        const body = core.handle(method, url, bytes, now);
        return { body, ...readHead(core.head) };
      });
    }

    #enter(work) {
      const core = this.#core;
      if (core === undefined) throw wrong("Emulator: it was freed; make a new one");
      return enter("Emulator", () => work(core));
    }

    async #fetch(input, init) {
      const signal = init?.signal ?? input?.signal;
      signal?.throwIfAborted();
      // A string is taken as it is: parsing it would repair what was signed.
      const text = typeof input === "string" ? input.trim() : undefined;
      // Refuses what fetch refuses, and reads the body as fetch does. A path is one of the emulator's own.
      const address = text?.startsWith("/") ? `https://emulator.invalid${text}` : input;
      const request = new Request(address, init?.signal === undefined ? init : { ...init, signal: undefined });
      const url = text ?? request.url;
      const bytes = request.method === "GET" || request.method === "HEAD" ? NOTHING : new Uint8Array(await request.arrayBuffer());
      await undefined;
      // Nothing is carried out of what was given up before it was sent.
      signal?.throwIfAborted();
      const answer = this[HANDLE](request.method, url, bytes);
      if (answer.delayMs > 0) await untilAborted(signal, (done) => setTimeout(done, answer.delayMs));
      if (answer.delivery === HANG) await untilAborted(signal, () => {});
      if (answer.delivery === LOST) throw new TypeError("fetch failed: the connection was reset");
      return responseOf(answer);
    }
  };
}

/** The `diagnose` of one entry. */
export function doctor(load) {
  const known = new Set(["url", "stringToSign", "method", "body", "secretAccessKey", "signature", "now"]);
  return function diagnose(evidence) {
    if (typeof evidence !== "object" || evidence === null) throw wrong("diagnose: give an object with url or stringToSign, and secretAccessKey");
    for (const name of Object.keys(evidence)) {
      if (!known.has(name)) throw wrong(`diagnose: "${name}" is not known; it takes ${[...known].join(", ")}`);
    }
    const { url, stringToSign, method, body, secretAccessKey, signature, now = Date.now() } = evidence;
    for (const [name, value] of Object.entries({ stringToSign, method, signature })) {
      if (value !== undefined && typeof value !== "string") throw wrong(`diagnose: "${name}" must be a string`);
    }
    if (url !== undefined && typeof url !== "string") throw wrong("diagnose: \"url\" must be the string that was sent: an object would have repaired it");
    if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array)) throw wrong("diagnose: \"body\" must be a string or a Uint8Array");
    const time = typeof now === "function" ? now() : Number(now);
    if (!Number.isFinite(time)) throw wrong("diagnose: \"now\" must be a time in milliseconds");
    prepare(load);
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    return JSON.parse(enter("diagnose", () => withSecret(secretAccessKey, (secret) => look(url, stringToSign, method, bytes, signature, secret, time))));
  };
}

function wrong(message, cause) {
  return new QingCloudError({ kind: "options", message, cause });
}

function json(what, value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw wrong(`${what}: the value cannot be written as JSON`, cause);
  }
  // Functions and symbols have no JSON text at all.
  return text ?? "null";
}

let lastHead = "";
let lastRead;

/** What goes before a body. The last one is kept: within a second most are the same, and making Headers is dear. */
function readHead(head) {
  if (head === lastHead) return lastRead;
  const [status, delayMs, delivery, ...lines] = head.split("\n");
  const headers = new Headers();
  for (let at = 0; at < lines.length; at += 2) headers.set(lines[at], lines[at + 1]);
  lastHead = head;
  lastRead = { status: Number(status), headers, delayMs: Number(delayMs), delivery: Number(delivery) };
  return lastRead;
}

/** Settles when `start` calls back, or rejects with the signal's reason. */
function untilAborted(signal, start) {
  return new Promise((resolve, reject) => {
    let timer;
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    timer = start(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
  });
}

function responseOf({ body, status, headers, delivery }) {
  const content = BODILESS.has(status) ? null : delivery === CUT ? halfOf(body) : body;
  return new Response(content, { status, headers });
}

/** A body that breaks off in the middle. */
function halfOf(body) {
  const bytes = new TextEncoder().encode(body);
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) return controller.error(new TypeError("terminated: the connection was reset"));
      sent = true;
      controller.enqueue(bytes.subarray(0, bytes.length >> 1));
    },
  });
}

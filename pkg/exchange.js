// One exchange with a server: fetch, then the body, within bounds of time, size and depth. No decisions.

/** Bytes of an answer's body, and lists or objects within each other. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_DEPTH = 128;

/** Longer than this and setTimeout fires at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** Codes of errors that say that there was no connection to send on. */
const UNREACHED = ["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT", "ConnectionRefused"];

// Whole bodies only, so that exchanges can share it.
const decoder = /* @__PURE__ */ new TextDecoder();

const CONTROLLER = /* @__PURE__ */ Symbol("controller");
// Made when fetch looks at it: a replaced one seldom does, and making one takes longer than all else here.
const SIGNAL = {
  enumerable: true,
  configurable: true,
  get() {
    return this[CONTROLLER].signal;
  },
  // A wrapper of fetch may put one there that listens to another as well.
  set(value) {
    Object.defineProperty(this, "signal", { value, enumerable: true, configurable: true, writable: true });
  },
};

export class Exchange {
  /** The status of what fetch gave, as it was when it was read for the first and only time. */
  response = undefined;
  #given = undefined;
  #controller = new AbortController();
  #timer = undefined;
  #number;
  #ended;

  /**
   * Sends at once. Calls `ended(number, end, value, retCode)` once, when the body has been read, or nothing more can come:
   * `end` is one of those in src/client/transport.rs, `value` is what the body was as JSON, or what was thrown.
   */
  constructor(fetch, url, isPost, headers, body, limitMs, number, ended) {
    this.#number = number;
    this.#ended = ended;
    // A redirect is seen and refused: what was signed is for this address alone.
    const init = { method: isPost ? "POST" : "GET", redirect: "manual", [CONTROLLER]: this.#controller };
    Object.defineProperty(init, "signal", SIGNAL);
    if (headers !== undefined) init.headers = headers;
    if (body !== undefined) init.body = body;
    if (limitMs !== Infinity) {
      this.#timer = globalThis.setTimeout(() => {
        this.#settle("timed out");
        this.#controller.abort();
      }, Math.min(limitMs, LONGEST_TIMER_MS));
    }
    this.#run(fetch, url, init);
  }

  /** Ends it without a word. */
  cancel() {
    this.#ended = undefined;
    globalThis.clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /** A header of the reply, as far as a replaced fetch gives any. */
  header(name) {
    try {
      const text = this.#given.headers.get(name);
      return typeof text === "string" ? text : undefined;
    } catch {
      return undefined;
    }
  }

  async #run(fetch, url, init) {
    try {
      if (fetch === undefined && typeof globalThis.fetch !== "function") {
        return this.#settle("unreached", new Error("this runtime has no fetch; give one as the option \"fetch\""));
      }
      // The global one is looked up at each use, so that a page or a test may replace it.
      const response = await (fetch === undefined ? globalThis.fetch(url, init) : fetch(url, init));
      const { status } = Object(response);
      if (typeof status !== "number") throw new Error("fetch gave no response");
      if (this.#ended === undefined) {
        // A replaced fetch may not have heeded the signal.
        await response.body?.cancel?.();
        return;
      }
      this.response = { status };
      this.#given = response;
      this.#read(await readText(response, () => this.#ended === undefined));
    } catch (cause) {
      // Where a reply began, the request had gone out, whatever its body fails with.
      this.#settle(this.response === undefined && isUnreached(cause) ? "unreached" : "broken", cause);
    }
  }

  #settle(end, value, retCode) {
    const ended = this.#ended;
    if (ended === undefined) return;
    this.#ended = undefined;
    globalThis.clearTimeout(this.#timer);
    ended(this.#number, end, value, retCode);
  }

  /** Takes in the body. */
  #read(text) {
    if (text === undefined) return this.#settle("large");
    if (text === "") return this.#settle("empty");
    if (isDeep(text)) return this.#settle("deep");
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#settle("no JSON");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.#settle("no object", value);
    if (!Number.isSafeInteger(value.ret_code)) return this.#settle("no ret_code", value);
    return this.#settle("answer", value, value.ret_code);
  }
}

/** The whole body; undefined where it is too large, or nobody waits for it any more. */
async function readText(response, isOver) {
  const reader = response.body?.getReader?.();
  if (reader === undefined) {
    const text = await response.text();
    return text.length > MAX_BYTES ? undefined : text;
  }
  // The first chunk, mostly the only one; else what all of them are copied to, however small they come.
  let bytes;
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return decoder.decode(bytes?.subarray(0, length));
    const start = length;
    length += value.byteLength;
    // A replaced fetch may not have heeded the signal.
    if (length > MAX_BYTES || isOver()) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    if (bytes === undefined) {
      bytes = value;
      continue;
    }
    if (length > bytes.length) {
      const roomier = new Uint8Array(Math.max(length, 2 * bytes.length));
      roomier.set(bytes.subarray(0, start));
      bytes = roomier;
    }
    bytes.set(value, start);
  }
}

function isDeep(text) {
  if (text.length <= 2 * MAX_DEPTH) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

function isUnreached(cause) {
  // While reading or writing there was a connection, and the request may have gone out on it.
  const saysSo = ({ code, syscall }) => UNREACHED.includes(code) && syscall !== "read" && syscall !== "write";
  try {
    return saysSo(cause) || saysSo(cause.cause);
  } catch {
    return false;
  }
}

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

export class Exchange {
  /** How it ended; the names stand in src/client/transport.rs. */
  end = undefined;
  /** What fetch gave, and what its body was as JSON. */
  response = undefined;
  value = undefined;
  /** The answer's `ret_code`, where it has one that is an integer. */
  retCode = NaN;
  /** What was thrown, where the connection failed. */
  cause = undefined;

  #controller = new AbortController();
  #timer = undefined;
  #ended;

  /** Sends at once, and calls `ended` once, later, when the body has been read, or nothing more can come. */
  constructor(fetch, url, method, headers, body, limitMs, ended) {
    this.#ended = ended;
    // A redirect is seen and refused: what was signed is for this address alone.
    const init = { method, redirect: "manual", signal: this.#controller.signal };
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
      return this.response.headers.get(name);
    } catch {
      return undefined;
    }
  }

  async #run(fetch, url, init) {
    let end;
    try {
      // The global one is looked up at each use, so that a page or a test may replace it.
      const response = await (fetch === undefined ? globalThis.fetch(url, init) : fetch(url, init));
      if (typeof response !== "object" || response === null) throw new Error("fetch gave no response");
      if (this.#ended === undefined) {
        // A replaced fetch may not have heeded the signal.
        await response.body?.cancel?.();
        return;
      }
      this.response = response;
      end = this.#read(await readText(response));
    } catch (cause) {
      this.cause = cause;
      end = isUnreached(cause) ? "unreached" : "broken";
    }
    this.#settle(end);
  }

  #settle(end) {
    const ended = this.#ended;
    if (ended === undefined) return;
    this.#ended = undefined;
    globalThis.clearTimeout(this.#timer);
    this.end = end;
    ended();
  }

  /** Takes in the body, and says what it is. */
  #read(text) {
    if (text === undefined) return "large";
    if (text === "") return "empty";
    if (isDeep(text)) return "deep";
    try {
      this.value = JSON.parse(text);
    } catch {
      return "no JSON";
    }
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "no object";
    if (!Number.isInteger(value.ret_code)) return "no ret_code";
    this.retCode = value.ret_code;
    return "answer";
  }
}

/** The whole body; undefined where it is too large. */
async function readText(response) {
  const reader = response.body?.getReader?.();
  if (reader === undefined) {
    const text = await response.text();
    return text.length > MAX_BYTES ? undefined : text;
  }
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return decoder.decode(chunks.length === 1 ? chunks[0] : joined(chunks, length));
    length += value.byteLength;
    if (length > MAX_BYTES) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
}

function joined(chunks, length) {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
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
  try {
    return UNREACHED.includes(cause.code) || UNREACHED.includes(cause.cause.code);
  } catch {
    return false;
  }
}

// The thin public class over the client module: instantiates it on first use, writes parameters into its memory, and
// adds what only JavaScript can. No decisions.

import { QingCloudError } from "./error.js";
import { explanation, readOptions, SIGN_OPTIONS, signedRequest, writeCall } from "./request.js";
import { withSecret } from "./secret.js";
import { cutShort, needStack, retraced } from "./stack.js";
import { TreeWriter } from "./tree.js";

const CALL_OPTIONS = new Set([...SIGN_OPTIONS, "signal", "timeoutMs", "deadlineMs", "maxAttempts", "idempotent"]);

const PAGE_OPTIONS = new Set([...CALL_OPTIONS, "maxItems"]);
const WAIT_OPTIONS = ["waitLimitMs", "minIntervalMs", "maxIntervalMs", "signal", "zone", "onProgress"];
const WAIT_FOR_JOBS_OPTIONS = new Set(WAIT_OPTIONS);
const WAIT_FOR_OPTIONS = new Set([...WAIT_OPTIONS, "status"]);
const CALL_AND_WAIT_OPTIONS = new Set([...CALL_OPTIONS, ...WAIT_OPTIONS]);

const decoder = /* @__PURE__ */ new TextDecoder();

/** A text that is plain to see in what a caller gave: no getter runs once more for an error. */
function plainText(object, name) {
  try {
    const { value } = Object.getOwnPropertyDescriptor(object, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the module's promise gives; its error names whoever waits for it. A reason for aborting is the caller's, as it is. */
async function settled(promise, options) {
  try {
    return await promise;
  } catch (error) {
    throw isReason(error, options) ? error : retraced(error);
  }
}

function isReason(error, options) {
  try {
    return options?.signal?.reason === error;
  } catch {
    return true;
  }
}

/** The class of one entry: `glue` is what wasm-bindgen made for its module, and `load` gives that WebAssembly.Module, once. */
export function clientClass({ Client, failure, initSync, output, reserve }, load) {
  let memory;
  let stackPointer;
  let writer;
  // Whether the stack has once ended in the middle of a signature: then none is begun any more without room for it.
  let isCareful = false;

  function start() {
    // One that ended half-way would not be begun again.
    needStack();
    ({ memory, __stack_pointer: stackPointer } = initSync({ module: load() }));
    writer = new TreeWriter(memory, reserve);
  }

  /** Lets `work` enter the module, and leaves the module as it was where the stack is too full for it. */
  function enter(kind, owner, work) {
    const height = stackPointer.value;
    try {
      needStack();
      return work();
    } catch (error) {
      stackPointer.value = height;
      throw cutShort(kind, owner, error);
    }
  }

  async function* walk([pages, options]) {
    const next = async () => {
      await undefined;
      return settled(pages.next(), options);
    };
    try {
      for (let page; (page = await next()) !== undefined; ) yield page;
    } finally {
      pages.free();
    }
  }

  function open(options) {
    if (memory === undefined) start();
    if (typeof options !== "object" || options === null) {
      throw new QingCloudError({ kind: "options", message: "QingCloudClient: give an options object with accessKeyId and secretAccessKey" });
    }
    let secretAccessKey, rest;
    try {
      ({ secretAccessKey, ...rest } = options);
    } catch (cause) {
      throw new QingCloudError({ kind: "options", message: "QingCloudClient: the options cannot be read: a getter or a proxy among them threw", cause });
    }
    const module = enter("options", "QingCloudClient", () =>
      secretAccessKey === undefined ? new Client(rest) : withSecret(secretAccessKey, (secret) => new Client(rest, secret)),
    );
    return [module, rest.zone];
  }

  return class QingCloudClient {
    #module;
    #zone;

    constructor(options) {
      [this.#module, this.#zone] = open(options);
    }

    signUrl(action, params, options) {
      return this.#sign(action, params, options, true, (text) => text);
    }

    sign(action, params, options) {
      return this.#sign(action, params, options, false, signedRequest);
    }

    explain(action, params, options) {
      return this.#sign(action, params, options, false, explanation);
    }

    signAsync(action, params, options) {
      return this.#later(action, params, options, SIGN_OPTIONS, (module, start, end) => module.signAsync(start, end));
    }

    call(action, params, options) {
      return this.#later(action, params, options, CALL_OPTIONS, (module, start, end, values) => module.call(start, end, values));
    }

    paginate(action, params, options) {
      // Opened at once, so that a mistake shows here; a second iterator reads the parameters anew.
      const open = () => this.#pages(action, params, options);
      let first = open();
      const take = () => {
        const pages = first ?? open();
        first = undefined;
        return pages;
      };
      return {
        async *[Symbol.asyncIterator]() {
          for await (const { items } of walk(take())) yield* items;
        },
        async *pages() {
          for await (const { answer } of walk(take())) yield answer;
        },
      };
    }

    async waitForJobs(jobIds, options) {
      this.#open("waitForJobs");
      const ids = Array.isArray(jobIds) ? [...jobIds] : jobIds;
      const values = options === undefined || options === null ? undefined : readOptions("waitForJobs", options, WAIT_FOR_JOBS_OPTIONS);
      await undefined;
      return settled(this.#open("waitForJobs").waitForJobs(ids, values), values);
    }

    waitFor(action, params, options) {
      // The call itself takes the zone alone.
      return this.#later(action, params, options, WAIT_FOR_OPTIONS, (module, start, end, values) => module.waitFor(start, end, values));
    }

    callAndWait(action, params, options) {
      return this.#later(action, params, options, CALL_AND_WAIT_OPTIONS, (module, start, end, values) => module.callAndWait(start, end, values));
    }

    get quota() {
      const module = this.#open("quota");
      const [used, limit, resetsAt] = enter("options", "quota", () => module.quota());
      return { used, limit, resetsAt: new Date(resetsAt) };
    }

    free() {
      const module = this.#module;
      if (module === undefined) return;
      enter("options", "free", () => {
        this.#module = undefined;
        module.close();
      });
      try {
        enter("options", "free", () => module.free());
      } catch {
        // What was cut short in it holds it for ever. Its key is gone already.
      }
    }

    [Symbol.dispose ?? Symbol.for("dispose")]() {
      this.free();
    }

    #open(action) {
      if (this.#module === undefined) {
        throw new QingCloudError({ kind: "options", message: `${action}: this client was freed; make a new one`, action });
      }
      return this.#module;
    }

    /** The error for a call that ended before it was read, which says whose it is as far as that is plain to see. */
    #refusal(action, params, options, error) {
      const refusal = cutShort("parameters", action, error);
      if (!Object.isExtensible(refusal)) return refusal;
      refusal.zone ??= plainText(params, "zone") ?? plainText(options, "zone") ?? this.#zone;
      const requestId = plainText(params, "req_id") ?? plainText(options, "requestId");
      if (requestId !== undefined) refusal.requestId ??= requestId;
      return refusal;
    }

    #sign(action, params, options, urlOnly, read) {
      this.#open(action);
      const start = writer.begin();
      const height = stackPointer.value;
      try {
        writeCall(writer, action, params, options, SIGN_OPTIONS);
        if (isCareful) needStack();
        // A getter may have freed the client.
        const module = this.#open(action);
        const result = module.sign(start, writer.position, urlOnly);
        if (result === 0) throw failure();
        const address = output();
        const text = decoder.decode(new Uint8Array(memory.buffer, address, result >>> 1));
        return read(text, (result & 1) === 1, module);
      } catch (error) {
        stackPointer.value = height;
        const refusal = this.#refusal(action, params, options, error);
        isCareful ||= refusal !== error;
        throw refusal;
      } finally {
        writer.end(start);
      }
    }

    #pages(action, params, options) {
      this.#open(action);
      const start = writer.begin();
      try {
        return enter("parameters", action, () => {
          const values = writeCall(writer, action, params, options, PAGE_OPTIONS);
          return [this.#open(action).pages(start, writer.position, values), values];
        });
      } catch (error) {
        throw this.#refusal(action, params, options, error);
      } finally {
        writer.end(start);
      }
    }

    /**
     * Reads the call at once, and enters the module with it a moment later, from the event loop: the stack may be nearly
     * full now, and what runs its promises would never run again after having been cut short.
     */
    async #later(action, params, options, known, use) {
      this.#open(action);
      const start = writer.begin();
      let values, written;
      try {
        values = writeCall(writer, action, params, options, known);
        written = writer.taken(start);
      } catch (error) {
        throw this.#refusal(action, params, options, error);
      } finally {
        writer.end(start);
      }
      await undefined;
      const module = this.#open(action);
      const again = writer.begin();
      let promise;
      try {
        writer.put(written);
        promise = use(module, again, writer.position, values);
      } finally {
        writer.end(again);
      }
      return settled(promise, values);
    }
  };
}

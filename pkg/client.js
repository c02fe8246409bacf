// The thin public class over the client module: instantiates it on first use, writes parameters into its memory, and
// adds what only JavaScript can. No decisions.

import { Client, failure, initSync, output, reserve } from "./dist/client.js";
import { QingCloudError } from "./error.js";
import { explanation, SIGN_OPTIONS, signedRequest, writeCall } from "./request.js";
import { secretBytes } from "./secret.js";
import { TreeWriter } from "./tree.js";

const CALL_OPTIONS = new Set([...SIGN_OPTIONS, "signal", "timeoutMs", "deadlineMs", "maxAttempts", "idempotent"]);

const PAGE_OPTIONS = new Set([...CALL_OPTIONS, "maxItems"]);
const WAIT_OPTIONS = ["waitLimitMs", "minIntervalMs", "maxIntervalMs", "signal", "zone", "onProgress"];
const WAIT_FOR_OPTIONS = new Set([...WAIT_OPTIONS, "status"]);
const CALL_AND_WAIT_OPTIONS = new Set([...CALL_OPTIONS, ...WAIT_OPTIONS]);

const decoder = /* @__PURE__ */ new TextDecoder();

async function* walk(pages) {
  try {
    for (let page; (page = await pages.next()) !== undefined; ) yield page;
  } finally {
    pages.free();
  }
}

/** The class of one entry; `load` gives that entry's WebAssembly.Module, once. */
export function clientClass(load) {
  let memory;
  let writer;

  function open(options) {
    if (memory === undefined) {
      ({ memory } = initSync({ module: load() }));
      writer = new TreeWriter(memory, reserve);
    }
    if (typeof options !== "object" || options === null) {
      throw new QingCloudError({ kind: "options", message: "QingCloudClient: give an options object with accessKeyId and secretAccessKey" });
    }
    let secretAccessKey, rest;
    try {
      ({ secretAccessKey, ...rest } = options);
    } catch (cause) {
      throw new QingCloudError({ kind: "options", message: "QingCloudClient: the options cannot be read: a getter or a proxy among them threw", cause });
    }
    return new Client(rest, secretAccessKey === undefined ? undefined : secretBytes(secretAccessKey));
  }

  return class QingCloudClient {
    #module;

    constructor(options) {
      this.#module = open(options);
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

    async signAsync(action, params, options) {
      return this.#written(action, params, options, SIGN_OPTIONS, (module, start, end) => module.signAsync(start, end));
    }

    // Not async: a promise in a promise would cost three more turns.
    call(action, params, options) {
      try {
        return this.#written(action, params, options, CALL_OPTIONS, (module, start, end) => module.call(start, end, options));
      } catch (error) {
        return Promise.reject(error);
      }
    }

    paginate(action, params, options) {
      // Opened at once, so that a mistake shows here; a second iterator reads the parameters anew.
      const open = () => this.#written(action, params, options, PAGE_OPTIONS, (module, start, end) => module.pages(start, end, options));
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
      return this.#open("waitForJobs").waitForJobs(jobIds, options);
    }

    async waitFor(action, params, options) {
      // The call itself takes the zone alone.
      return this.#written(action, params, options, WAIT_FOR_OPTIONS, (module, start, end) => module.waitFor(start, end, options));
    }

    async callAndWait(action, params, options) {
      return this.#written(action, params, options, CALL_AND_WAIT_OPTIONS, (module, start, end) => module.callAndWait(start, end, options));
    }

    get quota() {
      const [used, limit, resetsInMs] = this.#open("quota").quota();
      return { used, limit, resetsAt: new Date(Date.now() + resetsInMs) };
    }

    free() {
      const module = this.#module;
      this.#module = undefined;
      module?.close();
      module?.free();
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

    #sign(action, params, options, urlOnly, read) {
      const module = this.#open(action);
      const start = writer.begin();
      try {
        writeCall(writer, action, params, options, SIGN_OPTIONS);
        const result = module.sign(start, writer.position, urlOnly);
        if (result === 0) throw failure();
        const address = output();
        const text = decoder.decode(new Uint8Array(memory.buffer, address, result >>> 1));
        return read(text, (result & 1) === 1, module);
      } finally {
        writer.end(start);
      }
    }

    #written(action, params, options, known, use) {
      const module = this.#open(action);
      const start = writer.begin();
      try {
        writeCall(writer, action, params, options, known);
        return use(module, start, writer.position);
      } finally {
        writer.end(start);
      }
    }
  };
}

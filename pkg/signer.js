// The thin public class over the sign-only module: instantiates it on first use, writes calls into its memory and reads
// the signed text. src/signer.rs describes the module's exports.

import { QingCloudError } from "./error.js";
import { explanation, readOptions, SIGN_OPTIONS, signedRequest, writeCall, writeCount, writeText } from "./request.js";
import { withSecret } from "./secret.js";
import { cutShort, needStack } from "./stack.js";
import { TreeWriter } from "./tree.js";

const OPTIONS = new Set(["accessKeyId", "secretAccessKey", "token", "endpoint", "zone", "signatureMethod", "signatureVersion", "expiresInSeconds", "now"]);

const decoder = /* @__PURE__ */ new TextDecoder();

function refuse(owner, problem) {
  return new QingCloudError({ kind: "options", message: `${owner}: ${problem}` });
}

function unixSeconds(now) {
  let ms;
  try {
    ms = now === undefined ? Date.now() : now();
  } catch {
    // Told below, like a clock that gives something else.
  }
  if (!Number.isFinite(ms)) throw refuse("Signer", "\"now\" must give the milliseconds since 1970 as a finite number");
  return Math.floor(ms / 1000);
}

/** The class of one entry; `load` gives that entry's WebAssembly.Module, once. */
export function signerClass(load) {
  let exports;
  // The top of the module's stack. It is there whenever JavaScript runs, for the module calls none.
  let height;
  let view = new Uint8Array(0);
  let writer;
  let unfreed;

  function start() {
    // One that ended half-way would not be begun again.
    needStack();
    ({ exports } = new WebAssembly.Instance(load()));
    height = exports.__stack_pointer.value;
    writer = new TreeWriter(exports.memory, exports.reserve);
    // A signer that is collected without having been freed gives its place back. Old Workers have no such registry.
    unfreed = globalThis.FinalizationRegistry && new FinalizationRegistry(exports.close);
  }

  /** What the module left; below 0, `result` is the complement of the length of a refusal. */
  function output(result) {
    if (result < 0) {
      const message = output(~result);
      throw new QingCloudError({ kind: message[0] === "o" ? "options" : "parameters", message: message.slice(1) });
    }
    const start = exports.output();
    // A memory that has grown detaches the old view, whose length is then 0.
    if (view.length === 0) view = new Uint8Array(exports.memory.buffer);
    return decoder.decode(view.subarray(start, start + result));
  }

  function open(options) {
    const { accessKeyId, secretAccessKey, token, endpoint, zone, signatureMethod, signatureVersion, expiresInSeconds, now } = options;
    if (accessKeyId === undefined) throw refuse("Signer", "\"accessKeyId\" is missing; give the id of the access key");
    if (secretAccessKey === undefined) throw refuse("Signer", "\"secretAccessKey\" is missing; give the secret of the access key");
    if (now !== undefined && typeof now !== "function") throw refuse("Signer", "\"now\" must be a function");
    const start = writer.begin();
    try {
      needStack();
      for (const [name, value] of Object.entries({ accessKeyId, token, endpoint, zone, signatureMethod })) writeText(writer, "Signer", name, value);
      for (const [name, value] of Object.entries({ signatureVersion, expiresInSeconds })) writeCount(writer, "Signer", name, value);
      withSecret(secretAccessKey, (secret) => {
        // Before the view, because making room may leave the memory's buffer behind.
        const room = exports.reserve_secret(secret.length);
        new Uint8Array(exports.memory.buffer, room, secret.length).set(secret);
      });
      const number = exports.open(start, writer.position);
      return number < 0 ? output(number) : number;
    } catch (error) {
      exports.__stack_pointer.value = height;
      throw cutShort("options", "Signer", error);
    } finally {
      writer.end(start);
    }
  }

  return class Signer {
    #number;
    #now;

    constructor(options) {
      if (exports === undefined) start();
      const values = readOptions("Signer", options, OPTIONS);
      this.#number = open(values);
      this.#now = values.now;
      unfreed?.register(this, this.#number, this);
    }

    signUrl(action, params, options) {
      return this.#sign(action, params, options, true);
    }

    sign(action, params, options) {
      return this.#sign(action, params, options, false, signedRequest);
    }

    explain(action, params, options) {
      return this.#sign(action, params, options, false, explanation);
    }

    #sign(action, params, options, urlOnly, read) {
      const start = writer.begin();
      try {
        writeCall(writer, action, params, options, SIGN_OPTIONS);
        const seconds = unixSeconds(this.#now);
        // Checked last: a getter or the clock may have freed this signer.
        const number = this.#number;
        if (number === undefined) throw refuse(action, "this signer was freed; make a new one");
        const result = exports.sign(number, start, writer.position, seconds, urlOnly);
        const text = output(result < 0 ? result : result >> 1);
        return urlOnly ? text : read(text, (result & 1) === 1, { url: () => output(exports.url(number)) });
      } catch (error) {
        exports.__stack_pointer.value = height;
        throw cutShort("parameters", action, error);
      } finally {
        writer.end(start);
      }
    }

    free() {
      const number = this.#number;
      if (number === undefined) return;
      needStack();
      this.#number = undefined;
      unfreed?.unregister(this);
      exports.close(number);
    }

    [Symbol.dispose ?? Symbol.for("dispose")]() {
      this.free();
    }
  };
}

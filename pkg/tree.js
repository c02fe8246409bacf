// Writes a call's parameters into the module's memory, as the tree that src/sign/tree.rs reads:
// one crossing a signature, and no JavaScript object is ever walked from Rust.

import { isQingCloudError, QingCloudError } from "./error.js";
import { needStack } from "./stack.js";

const NULL = 0;
const TEXT = 1;
const NUMBER = 2;
const FALSE = 3;
const TRUE = 4;
const LIST = 5;
const MAP = 6;
const END = 7;
const NAME = 8;

const MAX_DEPTH = 128;
const MAX_BYTES = 8 * 1024 * 1024;
const SHORT = 40;

const encoder = /* @__PURE__ */ new TextEncoder();
export const LONE_SURROGATE = /\p{Surrogate}/u;

function refuse(path, problem, cause) {
  const where = path === "" ? "the parameters" : `the parameter ${JSON.stringify(path)}`;
  return new QingCloudError({ kind: "parameters", message: `${where} ${problem}`, cause });
}

const at = (path, name) => (typeof name === "number" ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`);

// A plain object of this realm or another has a prototype without a prototype, or none.
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function namesOf(value, path) {
  try {
    return Object.keys(value);
  } catch (cause) {
    throw refuse(path, "cannot be read: a proxy threw", cause);
  }
}

// A Date of another realm, such as a test's, is one too.
function isDate(value) {
  return Object.prototype.toString.call(value) === "[object Date]";
}

/**
 * A stack of trees in the module's memory: a getter that signs while its object is being written
 * works above the tree under way.
 */
export class TreeWriter {
  #memory;
  #reserve;
  #bytes = new Uint8Array(0);
  #at = 0;
  #ancestors = [];

  /** `reserve(n)` makes room for n bytes, keeps what is there, and gives its address. */
  constructor(memory, reserve) {
    this.#memory = memory;
    this.#reserve = reserve;
  }

  /** Where the next tree starts. Give it to `end` when the tree has been read. */
  begin() {
    return this.#at;
  }

  /** Where the tree under way ends. */
  get position() {
    return this.#at;
  }

  /** Forgets what was written from `start` on. */
  end(start) {
    this.#at = start;
  }

  /** A copy of what was written from `start` on, for `put`. */
  taken(start) {
    return this.#bytes.slice(start, this.#at);
  }

  /** Writes what another time `taken` gave. */
  put(bytes) {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  nulls(count) {
    for (let written = 0; written < count; written += 1) this.#tag(NULL);
  }

  /** `path` is for the error alone. */
  text(value, path) {
    this.#string(TEXT, value, path);
  }

  number(value) {
    this.#string(NUMBER, `${value}`, "");
  }

  /** The parameters of a call: a map, or nothing. */
  parameters(params) {
    if (params === undefined || params === null) {
      this.#room(2);
      this.#bytes[this.#at++] = MAP;
      this.#bytes[this.#at++] = END;
      return;
    }
    const outer = this.#ancestors;
    this.#ancestors = [];
    try {
      if (typeof params !== "object" || Array.isArray(params) || !isPlain(params)) {
        throw refuse("", "must be a plain object of names and values");
      }
      this.#map(params, "");
    } catch (cause) {
      throw isQingCloudError(cause) ? cause : refuse("", "cannot be read: an object among them threw", cause);
    } finally {
      this.#ancestors = outer;
    }
  }

  #map(value, path) {
    this.#enter(value, path);
    this.#tag(MAP);
    for (const name of namesOf(value, path)) {
      const item = this.#get(value, name, path);
      if (item === undefined) continue;
      this.#string(NAME, name, path, name);
      this.#value(item, path, name);
    }
    this.#tag(END);
    this.#ancestors.pop();
  }

  #list(value, path) {
    this.#enter(value, path);
    this.#tag(LIST);
    const { length } = value;
    // Each item takes a byte at least: a proxy's endless list need not be read to know.
    if (length > MAX_BYTES) throw tooLarge();
    for (let index = 0; index < length; index += 1) {
      this.#value(this.#get(value, index, path), path, index);
    }
    this.#tag(END);
    this.#ancestors.pop();
  }

  #value(value, path, name) {
    switch (typeof value) {
      case "string":
        this.#string(TEXT, value, path, name);
        return;
      case "number":
        if (!Number.isFinite(value)) throw refuse(at(path, name), `is ${value}; give a finite number`);
        this.#string(NUMBER, `${value}`, path, name);
        return;
      case "bigint":
        this.#string(NUMBER, `${value}`, path, name);
        return;
      case "boolean":
        this.#tag(value ? TRUE : FALSE);
        return;
      case "undefined":
        this.#tag(NULL);
        return;
      case "object":
        break;
      default:
        throw refuse(at(path, name), `is a ${typeof value}; give a string, number, boolean, Date, list or plain object`);
    }
    if (value === null) {
      this.#tag(NULL);
    } else if (Array.isArray(value)) {
      this.#list(value, at(path, name));
    } else if (isDate(value)) {
      this.#string(TEXT, timeStamp(value, at(path, name)), path, name);
    } else if (isPlain(value)) {
      this.#map(value, at(path, name));
    } else {
      const className = value.constructor?.name;
      throw refuse(at(path, name), `is ${className ? `an instance of ${className}` : "an object with a prototype"}; give a plain object or a list`);
    }
  }

  #enter(value, path) {
    const ancestors = this.#ancestors;
    if (ancestors.includes(value)) throw refuse(path, "contains itself; leave the cycle out");
    if (ancestors.length >= MAX_DEPTH) throw refuse(path, "is nested more than 128 levels deep");
    ancestors.push(value);
  }

  #get(value, name, path) {
    try {
      return value[name];
    } catch (cause) {
      throw refuse(at(path, name), "cannot be read: its getter threw", cause);
    }
  }

  #tag(tag) {
    this.#room(1);
    this.#bytes[this.#at++] = tag;
  }

  #string(tag, value, path, name) {
    const { length } = value;
    this.#room(length < SHORT ? SHORT + 2 : 6);
    const bytes = this.#bytes;
    const start = this.#at;
    bytes[start] = tag;
    if (length < SHORT) {
      let to = start + 2;
      for (let from = 0; from < length; from += 1) {
        const code = value.charCodeAt(from);
        if (code >= 0x80) return this.#long(tag, value, path, name);
        bytes[to++] = code;
      }
      bytes[start + 1] = length;
      this.#at = to;
      return;
    }
    this.#long(tag, value, path, name);
  }

  #long(tag, value, path, name) {
    if (LONE_SURROGATE.test(value)) {
      throw refuse(name === undefined ? path : at(path, name), "holds half of a surrogate pair, which is no text; mend the string");
    }
    this.#room(Math.min(value.length * 3 + 6, Math.max(MAX_BYTES - this.#at, value.length)));
    const start = this.#at;
    const { read, written } = encoder.encodeInto(value, this.#bytes.subarray(start + 6));
    if (read < value.length) throw tooLarge();
    const bytes = this.#bytes;
    bytes[start] = tag;
    bytes[start + 1] = 255;
    bytes[start + 2] = written;
    bytes[start + 3] = written >> 8;
    bytes[start + 4] = written >> 16;
    bytes[start + 5] = written >> 24;
    this.#at = start + 6 + written;
  }

  #room(length) {
    // A memory that has grown detaches the old view, whose length is then 0.
    if (this.#at + length > this.#bytes.length) this.#grow(this.#at + length);
  }

  #grow(length) {
    if (length > MAX_BYTES) throw tooLarge();
    const roomy = Math.min(Math.max(length, 2 * this.#bytes.length, 4096), MAX_BYTES);
    needStack();
    const address = this.#reserve(roomy);
    this.#bytes = new Uint8Array(this.#memory.buffer, address, roomy);
  }
}

function tooLarge() {
  return refuse("", "are larger than 8 MB; send less in one call");
}

function timeStamp(date, path) {
  let time;
  try {
    time = Date.prototype.getTime.call(date);
  } catch (cause) {
    throw refuse(path, "is called a Date and is none", cause);
  }
  if (Number.isNaN(time)) throw refuse(path, "is an invalid Date");
  // Made anew, for a class of dates may have a toISOString of its own, in the time of a zone.
  const own = new Date(time);
  const year = own.getUTCFullYear();
  if (year < 0 || year > 9999) throw refuse(path, "is a Date outside the years 0 to 9999");
  return `${own.toISOString().slice(0, 19)}Z`;
}

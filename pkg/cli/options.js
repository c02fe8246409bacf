// The options of all commands, and how they are read. No command takes a secret as an argument.

import { parseArgs } from "node:util";
import { Usage } from "./failures.js";
import { suggestion } from "./nearest.js";

const text = { type: "string", read: (value) => value };
const flag = { type: "boolean", read: (value) => value };

const choice = (...words) => ({
  type: "string",
  words,
  read(value, name) {
    if (!words.includes(value)) throw new Usage(`--${name} must be one of ${words.join(", ")}`);
    return value;
  },
});

const wholeNumber = (least, most = Number.MAX_SAFE_INTEGER) => ({
  type: "string",
  read(value, name) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new Usage(`--${name} must be a whole number of at least ${least}${most < 2 ** 32 ? ` and at most ${most}` : ""}`);
    }
    return number;
  },
});

const seconds = wholeNumber(1, 0xffffffff);

export const help = { ...flag, short: "h" };

/** `--output` with these forms, the first of them where nothing is said. */
export const output = (...words) => ({ ...choice(...words), short: "o" });

/** `--output` of what people and programs read in different forms: a table on a terminal, JSON elsewhere. */
export const outputByPlace = { ...output("json", "table"), text: "outputByPlace" };

/** The form that is wanted. */
export const formOf = (values, stdout) => values.output ?? (stdout.isTTY ? "table" : "json");

/** Where the key comes from. */
const KEY = {
  "access-key-id": text,
  "secret-file": text,
  config: text,
};

/** What everything that signs takes. */
export const SIGN = {
  zone: { ...text, short: "z" },
  endpoint: text,
  method: choice("GET", "POST"),
  expires: seconds,
  ...KEY,
  "signature-method": choice("HmacSHA256", "HmacSHA1"),
  "allow-insecure-http": flag,
};

/** What everything that calls takes besides. */
export const CALL = {
  timeout: seconds,
  attempts: wholeNumber(1, 100),
  verbose: { ...flag, short: "v" },
};

export const ALL_AND_WAIT = { all: flag, "max-items": wholeNumber(1), wait: flag, idempotent: flag, "read-only": flag };
export const WAIT = { status: text };
export const DIAGNOSE = { method: { ...choice("GET", "POST"), text: "methodOfRequest" }, body: text, "secret-file": text, time: text };
export const ACTIONS = { search: text };
export const EMULATOR = { port: wholeNumber(0, 65535), cors: flag };

// Whoever tries one of these should learn at once why it is not there.
const SECRET_WORDS = /secret|passw|token/i;

/** `{ values, positionals }` of a command's arguments. */
export function readArguments(args, options) {
  const { tokens } = parseArgs({ args, options: shapes(options), allowPositionals: true, strict: false, tokens: true });
  const values = {};
  const positionals = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    else if (token.kind === "option") values[token.name] = readOption(token, options);
  }
  return { values, positionals };
}

function readOption({ name, rawName, value, inlineValue }, options) {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    if (SECRET_WORDS.test(name)) throw new Usage(secretRefused(options));
    throw new Usage(`unknown option ${rawName}${suggestion(rawName, Object.keys(options).map((known) => `--${known}`))}`);
  }
  if (option.type === "boolean") {
    if (value !== undefined) throw new Usage(`${rawName} takes no value`);
    return true;
  }
  // `--zone --all`: the value was forgotten, as no value of ours starts with a dash.
  if (value === undefined || value === "" || (!inlineValue && /^-./.test(value))) throw new Usage(`${rawName} needs a value`);
  return option.read(value, name);
}

function secretRefused(options) {
  const file = Object.hasOwn(options, "secret-file") ? ", use --secret-file," : "";
  return `a secret is never an argument, where others can read it: set QINGCLOUD_SECRET_ACCESS_KEY${file} or keep it in ~/.qingcloud/config.yaml`;
}

/** The part of the options that parseArgs knows. */
function shapes(options) {
  return Object.fromEntries(Object.entries(options).map(([name, { type, short }]) => [name, short ? { type, short } : { type }]));
}

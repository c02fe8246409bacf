// Parameters on the command line: `name=text`, `name:=json`, `@file` with a JSON object, `@-` for the standard input.

import { readFile } from "node:fs/promises";
import { Usage } from "./failures.js";
import { printable } from "./terminal.js";

/** The parameters that `words` say; a word overrides what a file before it says. */
export async function readParameters(words, stdin) {
  const found = new Map();
  const given = new Set();
  for (const word of words) {
    if (word.startsWith("@")) {
      const entries = Object.entries(await readObject(word.slice(1), stdin));
      for (const [name, value] of entries) found.set(name, value);
      continue;
    }
    const [name, value] = readPair(word);
    if (given.has(name)) throw new Usage(`${name} is given twice; a list is ${name}.1=… ${name}.2=… or ${name}:='["…"]'`);
    given.add(name);
    found.set(name, value);
  }
  // Own properties, whatever they are called.
  return Object.fromEntries(found);
}

function readPair(word) {
  const end = word.indexOf("=");
  if (end < 1 || word.startsWith(":=")) {
    // The word itself may be a secret that went astray.
    throw new Usage("parameters are name=value, name:=json or @file; one of the arguments is none of these");
  }
  if (word[end - 1] !== ":") return [word.slice(0, end), word.slice(end + 1)];
  const name = word.slice(0, end - 1);
  return [name, readJson(word.slice(end + 1), `${name}:=`)];
}

async function readObject(file, stdin) {
  const value = readJson(await readText(file, stdin), `@${file}`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Usage(`@${file} must hold a JSON object of names and values`);
  return value;
}

/** The text of a file, or with `-` that of the standard input. */
export async function readText(file, stdin) {
  if (file === "-") {
    const chunks = [];
    for await (const chunk of stdin) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Usage(`${printable(file)} cannot be read (${error.code ?? "unknown reason"})`);
  }
}

function readJson(text, where) {
  try {
    return JSON.parse(text, refuseRounded(where));
  } catch (error) {
    if (error instanceof Usage) throw error;
    throw new Usage(`${printable(where)} is not valid JSON`);
  }
}

// JSON.parse rounds such a number without a word, and the service would get another one.
function refuseRounded(where) {
  return (name, value) => {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new Usage(`${printable(where)} holds a number too large to be exact; write it as a string, in quotes`);
    }
    return value;
  };
}

// Where keys come from under Node.js: the environment, the official tools' file, the instance itself.
//
// No error here holds a key, a secret, a token or a line of a file: it names the source and what is wrong with it.

import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { QingCloudError } from "./error.js";

/** The pairs of variables, in the order they are looked at: ours, then those of the terraform provider. */
const PAIRS = [
  ["QINGCLOUD_ACCESS_KEY_ID", "QINGCLOUD_SECRET_ACCESS_KEY"],
  ["QINGCLOUD_ACCESS_KEY", "QINGCLOUD_SECRET_KEY"],
];

const MAX_FILE_BYTES = 1024 * 1024;

/** Where an instance finds the credentials of its role (API guide, signature page; official Go SDK). */
const METADATA_URL = "http://169.254.169.254/latest/meta-data/security-credentials";
const METADATA_TIMEOUT_MS = 1000;
const MAX_METADATA_BYTES = 64 * 1024;

function failure(message, cause) {
  return new QingCloudError({ kind: "credentials", message, cause });
}

function misuse(message) {
  return new QingCloudError({ kind: "options", message });
}

const present = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));

/** Client options from the environment. */
export function fromEnv(env = process.env) {
  if (typeof env !== "object" || env === null) throw misuse("fromEnv: the environment must be an object such as process.env");
  // A file that was read into a variable often brings its line end with it, and no key has blanks around it.
  const text = (name) => (typeof env[name] === "string" ? env[name].trim() : "");
  for (const [id, secret] of PAIRS) {
    if (text(id) === "" && text(secret) === "") continue;
    // Half a pair with half of another would sign with a secret that belongs to another key.
    if (text(id) === "") throw failure(`environment: ${secret} is set, but ${id} is not`);
    if (text(secret) === "") throw failure(`environment: ${id} is set, but ${secret} is not`);
    return present({
      accessKeyId: text(id),
      secretAccessKey: text(secret),
      zone: text("QINGCLOUD_ZONE"),
      endpoint: text("QINGCLOUD_ENDPOINT"),
    });
  }
  throw failure(`environment: neither ${PAIRS.map((pair) => pair.join(" with ")).join(", nor ")} is set`);
}

/** Client options from the file of the official SDKs and command line. */
export function fromConfigFile(path = "~/.qingcloud/config.yaml") {
  if (typeof path !== "string" || path === "") throw misuse("fromConfigFile: the path must be a non-empty string");
  const source = `config file ${path}`;
  const fields = parseConfig(readConfig(/^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path, source), source);
  const missing = ["qy_access_key_id", "qy_secret_access_key"].filter((name) => fields[name] === "");
  if (missing.length > 0) throw failure(`${source}: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing`);
  return present({
    accessKeyId: fields.qy_access_key_id,
    secretAccessKey: fields.qy_secret_access_key,
    zone: fields.zone,
    endpoint: endpoint(fields, source),
  });
}

function readConfig(file, source) {
  let descriptor;
  try {
    // Opening a pipe would otherwise wait until somebody writes to it.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // Asked of the open file: the name may point elsewhere a moment later.
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw failure(`${source}: it is not a file`);
    if (stats.size > MAX_FILE_BYTES) throw failure(`${source}: it is larger than 1 MB, so it is no configuration`);
    // Windows has no such bits, and shows all of them.
    if (process.platform !== "win32" && (stats.mode & 0o066) !== 0) {
      process.emitWarning(`${source} holds a secret, and other users of this machine can read or change it; run chmod 600 on it`, {
        type: "QingCloudWarning",
        code: "QINGCLOUD_CONFIG_FILE_MODE",
      });
    }
    return readFileSync(descriptor, "utf8");
  } catch (error) {
    throw error instanceof QingCloudError ? error : failure(`${source}: it cannot be read (${error.code ?? error.name})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function parseConfig(text, source) {
  let content;
  try {
    // Every value is text in this schema, as the official SDKs read them: a secret of digits stays as it is.
    content = parse(text.replace(/^\uFEFF/, ""), { schema: "failsafe", logLevel: "error", maxAliasCount: 0 });
  } catch (error) {
    // The parser's own message shows the line, and so may the secret.
    const [place] = error.linePos ?? [];
    throw failure(`${source}: it is not valid YAML${place === undefined ? "" : ` (line ${place.line}, column ${place.col})`}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) throw failure(`${source}: it holds no names and values`);
  const names = ["qy_access_key_id", "qy_secret_access_key", "zone", "host", "port", "protocol", "uri"];
  return Object.fromEntries(
    names.map((name) => {
      const value = Object.hasOwn(content, name) ? (content[name] ?? "") : "";
      if (typeof value !== "string") throw failure(`${source}: ${name} must be a plain value`);
      return [name, value];
    }),
  );
}

/** The endpoint that the file describes, its path as it is written but for doubled slashes, as the Go SDK has it. */
function endpoint({ host, port, protocol, uri }, source) {
  if (host === "" && port === "" && protocol === "" && uri === "") return undefined;
  if (port !== "" && !/^\d{1,5}$/.test(port)) throw failure(`${source}: port must be a number`);
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const path = `/${uri === "" ? "iaas/" : uri}`.replace(/\/+/g, "/");
  return `${protocol || "https"}://${name || "api.qingcloud.com"}${port === "" ? "" : `:${port}`}${path}`;
}

/** A provider of the credentials that an instance has by its role. */
export function fromInstanceMetadata(options = {}) {
  if (typeof options !== "object" || options === null) throw misuse("fromInstanceMetadata: the options must be an object");
  const { url = METADATA_URL, timeoutMs = METADATA_TIMEOUT_MS, fetch, ...rest } = options;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw misuse(`fromInstanceMetadata: unknown option ${JSON.stringify(unknown)}; known are url, timeoutMs, fetch`);
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) throw misuse("fromInstanceMetadata: \"url\" must be an absolute http address");
  if (!(timeoutMs > 0)) throw misuse("fromInstanceMetadata: \"timeoutMs\" must be a number of milliseconds above 0");
  if (fetch !== undefined && typeof fetch !== "function") throw misuse("fromInstanceMetadata: \"fetch\" must be a function");
  return async function instanceMetadata() {
    const text = await withinTime(timeoutMs, (signal) => ask(fetch ?? globalThis.fetch, url, signal));
    return readRole(text);
  };
}

/** Longer than this and setTimeout fires at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** What `work` gives in time; after that it is cancelled, and whatever it does then is ignored. */
async function withinTime(timeoutMs, work) {
  const controller = new AbortController();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(failure(`instance metadata: no answer within ${timeoutMs} ms; this is probably no QingCloud instance`)), Math.min(timeoutMs, LONGEST_TIMER_MS));
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

async function ask(fetch, url, signal) {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
    if (response.status === 404) throw failure("instance metadata: this instance has no role (HTTP status 404)");
    if (response.status !== 200) throw failure(`instance metadata: HTTP status ${response.status}`);
    return await boundedText(response);
  } catch (error) {
    if (error instanceof QingCloudError) throw error;
    throw failure(`instance metadata: the connection failed (${error?.cause?.code ?? error?.code ?? error?.name ?? "no reason given"})`);
  }
}

async function boundedText(response) {
  const tooLarge = () => failure("instance metadata: the answer is larger than 64 KB");
  // A replaced fetch may give an answer of its own kind.
  if (response.body === undefined) {
    const text = await response.text();
    if (text.length > MAX_METADATA_BYTES) throw tooLarge();
    return text;
  }
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_METADATA_BYTES) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The credentials in an answer, which is JSON, or (as seen on instances) a JSON string that holds JSON. */
function readRole(text) {
  let role;
  try {
    role = JSON.parse(text);
    if (typeof role === "string") role = JSON.parse(role);
  } catch {
    throw failure("instance metadata: the answer is not JSON");
  }
  const named = (name) => (typeof role?.[name] === "string" ? role[name] : "");
  const missing = ["access_key", "secret_key", "id_token"].filter((name) => named(name) === "");
  if (missing.length > 0) throw failure(`instance metadata: the answer has no ${missing.join(", no ")}`);
  const seconds = Number(role.expiration);
  if (!(seconds > 0) || !Number.isFinite(seconds)) throw failure("instance metadata: the answer has no usable expiration");
  return { accessKeyId: named("access_key"), secretAccessKey: named("secret_key"), token: named("id_token"), expiresAt: seconds * 1000 };
}

/** A provider that asks others in turn, until one gives a key. */
export function chain(...providers) {
  if (providers.length === 0 || providers.some((provider) => typeof provider !== "function")) {
    throw misuse("chain: give one or more credential providers, which are functions");
  }
  return async function chained() {
    const errors = [];
    for (const provider of providers) {
      try {
        const credentials = await provider();
        if (isKey(credentials)) return credentials;
        errors.push(failure(`${provider.name || "a provider"}: it gave no accessKeyId with a secretAccessKey`));
      } catch (error) {
        // A message may hold a secret where a foreign error wrote it: of that, name and code are told. The error itself is the cause.
        const why = error?.code ?? error?.name ?? "no reason given";
        errors.push(error instanceof QingCloudError ? error : failure(`${provider.name || "a provider"}: it failed (${why})`, error));
      }
    }
    const why = errors.map(({ message }, index) => `${index + 1}. ${message}`).join("; ");
    throw failure(`no source gave a key: ${why}`, new AggregateError(errors, "every source failed"));
  };
}

function isKey(credentials) {
  const { accessKeyId, secretAccessKey } = credentials ?? {};
  return typeof accessKeyId === "string" && accessKeyId !== "" && (secretAccessKey instanceof Uint8Array || typeof secretAccessKey === "string") && secretAccessKey.length > 0;
}

// The client of a command: key, zone and endpoint from options, environment or configuration file.

import { isQingCloudError, QingCloudClient } from "qingcloud-wasm";
import { fromConfigFile, fromEnv } from "qingcloud-wasm/node";
import { Usage } from "./failures.js";
import { askForSecret, secretFrom } from "./secret.js";

/** Runs `work` with a client, and frees it. */
export async function withClient(context, values, work) {
  const client = new QingCloudClient({ ...(await keyOptions(context, values)), ...ownOptions(context, values) });
  try {
    return await work(client);
  } finally {
    client.free();
  }
}

function ownOptions({ stderr }, values) {
  const options = {
    zone: values.zone,
    endpoint: values.endpoint,
    expiresInSeconds: values.expires,
    signatureMethod: values["signature-method"],
    allowInsecureHttp: values["allow-insecure-http"],
    deadlineMs: values.timeout && values.timeout * 1000,
    maxAttempts: values.attempts,
    readOnly: values["read-only"],
    onEvent: values.verbose ? (event) => stderr.write(`${eventLine(event)}\n`) : undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Options first, then the environment, then the configuration file: a setting of the environment goes before the file's, whosever key it is. */
async function keyOptions(context, values) {
  const { env } = context;
  if (values.config !== undefined) return fromConfigFile(values.config);
  const accessKeyId = values["access-key-id"] ?? (env.QINGCLOUD_ACCESS_KEY_ID || env.QINGCLOUD_ACCESS_KEY);
  // An id whose secret is not beside it: never another source's key instead.
  if (values["access-key-id"] !== undefined || values["secret-file"] !== undefined || (accessKeyId && !secretIn(env))) {
    if (!accessKeyId) throw new Usage("--secret-file needs --access-key-id, or QINGCLOUD_ACCESS_KEY_ID in the environment");
    const secretAccessKey = await secretOf(context, values["secret-file"], accessKeyId);
    return { accessKeyId, secretAccessKey, ...placesIn(env) };
  }
  return { ...firstOf([() => fromEnv(env), () => fromConfigFile()]), ...placesIn(env) };
}

const placesIn = (env) => present({ zone: env.QINGCLOUD_ZONE, endpoint: env.QINGCLOUD_ENDPOINT });

const present = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value));

const secretIn = (env) => env.QINGCLOUD_SECRET_ACCESS_KEY || env.QINGCLOUD_SECRET_KEY;

/** What the first source gives that has a key. */
function firstOf(sources) {
  const reasons = [];
  for (const source of sources) {
    try {
      return source();
    } catch (error) {
      if (!isQingCloudError(error) || error.kind !== "credentials") throw error;
      reasons.push(error.message);
    }
  }
  throw new Usage(`no access key: ${reasons.join("; ")}`);
}

async function secretOf(context, file, accessKeyId) {
  if (file !== undefined) return secretFrom(file);
  const secret = secretIn(context.env) || (await askForSecret(context, `Secret of ${accessKeyId} (not shown): `));
  if (secret) return secret;
  throw new Usage(`no secret for this access key: set QINGCLOUD_SECRET_ACCESS_KEY, use --secret-file, or keep it in ~/.qingcloud/config.yaml`);
}

/** One event of a client in one line. */
function eventLine(event) {
  const call = [event.action, event.zone].filter(Boolean).join(" ");
  switch (event.type) {
    case "request":
      return `> ${call}: attempt ${event.attempt}, ${event.method} to ${event.host}, req_id ${event.requestId}`;
    case "response":
      return `< ${call}: ${event.status === undefined ? "no reply" : `HTTP ${event.status}`}${event.retCode === undefined ? "" : `, ret_code ${event.retCode}`}, ${Math.round(event.durationMs)} ms`;
    case "retry":
      return `* ${call}: again in ${Math.round(event.afterMs)} ms`;
    case "clock":
      return `* the endpoint's clock is ${Math.round(event.offsetMs / 1000)} s ahead; signing by it`;
    case "quota":
      return `* ${call}: ${event.limit} calls an hour are used up; waiting ${Math.round(event.waitMs / 1000)} s`;
    case "wait":
      return `* waiting: ${event.done} of ${event.total} done`;
    default:
      return `* ${event.type}${call && ` ${call}`}${event.differences ? `: ${event.differences.join(", ")}` : ""}`;
  }
}

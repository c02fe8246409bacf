// `qingcloud emulator`: the emulator in the foreground.

import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { OK } from "../failures.js";
import { EMULATOR, help, output } from "../options.js";
import { readParameters } from "../parameters.js";
import { printJson } from "../print.js";
import { styleFor } from "../terminal.js";

/** The emulator has every zone of the catalogue; this one is what the shell is told. */
const ZONE = "pek3a";

export const options = { output: output("shell", "json"), ...EMULATOR, help };

export async function run(context, { values, positionals }) {
  const { signal, stderr, env } = context;
  const more = await readParameters(positionals, context.stdin);
  const { url, emulator, close } = await serveEmulator({ ...more, ...pick(values, ["port", "cors"]) });
  const { accessKeyId, secretAccessKey } = emulator;
  const zone = more.zones?.[0] ?? ZONE;
  if (values.output === "json") printJson(context, { url, accessKeyId, secretAccessKey, zone });
  else printExports(context, { QINGCLOUD_ENDPOINT: url, QINGCLOUD_ACCESS_KEY_ID: accessKeyId, QINGCLOUD_SECRET_ACCESS_KEY: secretAccessKey, QINGCLOUD_ZONE: zone });
  if (stderr.isTTY) stderr.write(`${styleFor(stderr, env).dim("The emulator is running. Ctrl+C ends it.")}\n`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await close();
  return OK;
}

/** A line for each, as every POSIX shell reads it. */
function printExports({ stdout }, variables) {
  for (const [name, value] of Object.entries(variables)) stdout.write(`export ${name}='${String(value).replaceAll("'", "'\\''")}'\n`);
}

const pick = (values, names) => Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));

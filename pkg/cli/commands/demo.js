// `qingcloud demo`: the other commands at work, on an emulator, in one process.

import { createHmac } from "node:crypto";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { API_ERROR, OK } from "../failures.js";
import { textsIn } from "../help.js";
import { help } from "../options.js";
import { styleFor } from "../terminal.js";

export const options = { help };

export async function run(context) {
  const { stdout, env, language } = context;
  const { demo } = textsIn(language);
  const style = styleFor(stdout, env);
  const { url, emulator, close } = await serveEmulator({ jobDurationMs: 1500 });
  const { accessKeyId, secretAccessKey } = emulator;
  const variables = {
    QINGCLOUD_ENDPOINT: url,
    QINGCLOUD_ACCESS_KEY_ID: accessKeyId,
    QINGCLOUD_SECRET_ACCESS_KEY: secretAccessKey,
    QINGCLOUD_ZONE: "pek3a",
  };
  const say = (text) => stdout.write(`\n${style.bold(text)}\n`);
  const show = async (text, ...argv) => {
    say(text);
    stdout.write(`${style.dim("$")} ${style.cyan(`qingcloud ${argv.map(quoted).join(" ")}`)}\n`);
    return context.run(argv, { env: { ...env, ...variables } });
  };
  try {
    say(demo.emulator(url));
    const steps = [
      [demo.sign, "sign", "DescribeVolumes", "search_word=two words", "--output", "url"],
      [demo.create, "call", "CreateVolumes", "size=10", "volume_name=demo", "--wait"],
      [demo.list, "call", "DescribeVolumes", "status.1=available", "--output", "table"],
      [demo.diagnose, "diagnose", badlySigned(url, variables), "--output", "table"],
    ];
    for (const [text, ...argv] of steps) {
      const status = await show(text, ...argv);
      // The command has said why. That of the diagnosis says that there is a mistake.
      if (status !== (argv[0] === "diagnose" ? API_ERROR : OK)) return status;
    }
    say(demo.end);
    return OK;
  } finally {
    await close();
  }
}

/** A URL as many a tool signs it: with + for a space. */
function badlySigned(url, variables) {
  const query = new URLSearchParams({
    access_key_id: variables.QINGCLOUD_ACCESS_KEY_ID,
    action: "DescribeVolumes",
    search_word: "two words",
    signature_method: "HmacSHA256",
    signature_version: 1,
    time_stamp: new Date().toISOString().replace(/\.\d+/, ""),
    version: 1,
    zone: variables.QINGCLOUD_ZONE,
  });
  const hmac = createHmac("sha256", variables.QINGCLOUD_SECRET_ACCESS_KEY).update(`GET\n/iaas/\n${query}`);
  return `${url}?${query}&signature=${encodeURIComponent(hmac.digest("base64"))}`;
}

const quoted = (word) => (/^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word}'`);

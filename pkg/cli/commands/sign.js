// `qingcloud sign`: a signed request, not sent.

import { noteMisspelling, readCall, signOptions } from "../call.js";
import { withClient } from "../client.js";
import { OK } from "../failures.js";
import { help, output, SIGN } from "../options.js";
import { printJson, printPairs } from "../print.js";

export const options = { output: output("json", "table", "url"), ...SIGN, help };

export async function run(context, { values, positionals }) {
  const { action, params } = await readCall(positionals, context.stdin);
  await noteMisspelling(context, action);
  return withClient(context, values, (client) => {
    if (values.output === "url") {
      context.stdout.write(`${client.signUrl(action, params, signOptions(values))}\n`);
      return OK;
    }
    const signed = client.sign(action, params, signOptions(values));
    if (values.output === "table") printPairs(context, pairs(signed));
    else printJson(context, signed);
    return OK;
  });
}

function pairs({ method, url, headers, body }) {
  const all = [["method", method], ["url", url], ...Object.entries(headers), ["body", body]];
  return all.filter(([, value]) => value !== undefined);
}

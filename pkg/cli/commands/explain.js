// `qingcloud explain`: every step of a signature.

import { noteMisspelling, readCall, signOptions } from "../call.js";
import { withClient } from "../client.js";
import { OK } from "../failures.js";
import { formOf, help, outputByPlace, SIGN } from "../options.js";
import { printJson } from "../print.js";
import { columnsOf, fit, printable, styleFor } from "../terminal.js";

export const options = { output: outputByPlace, ...SIGN, help };

export async function run(context, { values, positionals }) {
  const { action, params } = await readCall(positionals, context.stdin);
  await noteMisspelling(context, action);
  return withClient(context, values, (client) => {
    const steps = client.explain(action, params, signOptions(values));
    if (formOf(values, context.stdout) === "table") printSteps(context, steps);
    else printJson(context, steps);
    return OK;
  });
}

/** What goes into each step, under its name. Long lines are left whole, so that they can be copied. */
function printSteps({ stdout, env }, { parameters, canonicalQuery, stringToSign, signature, url, body }) {
  const style = styleFor(stdout, env);
  const width = Math.max(...parameters.map(([name]) => columnsOf(name)));
  const sections = [
    ["1. Parameters, sorted by the bytes of their names", parameters.map(([name, value]) => `${style.cyan(fit(printable(name), width))}  ${printable(value)}`)],
    ["2. Canonical query: names and values percent-encoded, joined by = and &", [canonicalQuery]],
    ["3. String to sign: method, path and query, a line each", stringToSign.split("\n")],
    ["4. Signature: HMAC of that with the secret, in base64", [signature]],
    body === undefined ? ["5. URL: the query, then the signature, percent-encoded", [url]] : ["5. Body of the POST to " + url, [body]],
  ];
  stdout.write(`${sections.map(([title, lines]) => [style.bold(title), ...lines.map((line) => `   ${line}`)].join("\n")).join("\n\n")}\n`);
}

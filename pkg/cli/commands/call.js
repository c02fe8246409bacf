// `qingcloud call`: a call, its answer.

import { answerTable } from "../answers.js";
import { readCall, signOptions } from "../call.js";
import { withClient } from "../client.js";
import { OK, Usage } from "../failures.js";
import { ALL_AND_WAIT, CALL, help, output, SIGN } from "../options.js";
import { printJson } from "../print.js";
import { withProgress } from "../progress.js";

export const options = { output: output("json", "table"), ...SIGN, ...CALL, ...ALL_AND_WAIT, help };

export async function run(context, { values, positionals }) {
  if (values.all && values.wait) throw new Usage("--all and --wait exclude each other");
  if (values["max-items"] && !values.all) throw new Usage("--max-items needs --all");
  const { action, params } = await readCall(positionals, context.stdin);
  const answer = await withClient(context, values, (client) => answerOf(context, client, values, action, params));
  if (values.output === "table") answerTable(context, action, answer);
  else printJson(context, answer);
  return OK;
}

async function answerOf(context, client, values, action, params) {
  const { signal } = context;
  const options = { ...signOptions(values), signal, ...(values.idempotent && { idempotent: true }) };
  if (values.all) {
    const items = [];
    for await (const item of client.paginate(action, params, maxItems(options, values))) items.push(item);
    return items;
  }
  if (!values.wait) return client.call(action, params, options);
  const { timeout } = values;
  const waiting = { ...options, ...(timeout && { waitLimitMs: timeout * 1000 }) };
  return withProgress(context, "jobs done", (onProgress) => client.callAndWait(action, params, { ...waiting, ...(onProgress && { onProgress }) }));
}

const maxItems = (options, values) => (values["max-items"] ? { ...options, maxItems: values["max-items"] } : options);

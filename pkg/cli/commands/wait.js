// `qingcloud wait`: until jobs are done, or resources have a status.

import { answerTable } from "../answers.js";
import { readCall } from "../call.js";
import { withClient } from "../client.js";
import { OK, Usage } from "../failures.js";
import { CALL, help, output, SIGN, WAIT } from "../options.js";
import { printJson } from "../print.js";
import { withProgress } from "../progress.js";

const { method: _, ...signing } = SIGN;

export const options = { output: output("json", "table"), ...WAIT, ...signing, ...CALL, help };

export async function run(context, { values, positionals }) {
  const wait = await readWait(positionals, values, context.stdin);
  // The time is that of the wait here; each poll keeps the client's own.
  const { timeout, ...rest } = values;
  const found = await withClient(context, rest, (client) =>
    withProgress(context, wait.what, (onProgress) => {
      const options = { signal: context.signal, ...(timeout && { waitLimitMs: timeout * 1000 }), ...(onProgress && { onProgress }) };
      return wait.start(client, options);
    }),
  );
  if (values.output === "table") answerTable(context, wait.title, found);
  else printJson(context, found);
  return OK;
}

/** Jobs have ids such as `j-1`; an action starts with a capital. */
async function readWait(words, { status }, stdin) {
  if (words.length === 0) throw new Usage("name jobs by their ids, or a list action and --status");
  if (/^[A-Z]/.test(words[0])) {
    if (status === undefined) throw new Usage("say with --status what to wait for, such as running");
    const { action, params } = await readCall(words, stdin);
    const wanted = status.split(",");
    return { what: "ready", title: action, start: (client, options) => client.waitFor(action, params, { ...options, status: wanted }) };
  }
  if (status !== undefined) throw new Usage("--status goes with a list action such as DescribeInstances, not with job ids");
  return { what: "jobs done", title: "jobs", start: (client, options) => client.waitForJobs(words, options) };
}

// What the commands that name an action share.

import { readCatalogue } from "./catalogue.js";
import { Usage } from "./failures.js";
import { nearest } from "./nearest.js";
import { readParameters } from "./parameters.js";
import { printable, styleFor } from "./terminal.js";

/** `{ action, params }` of a command's words. */
export async function readCall(words, stdin) {
  const [action, ...rest] = words;
  if (action === undefined) throw new Usage("name an action, such as DescribeInstances");
  if (/[=@]/.test(action)) throw new Usage("the action comes first, then its parameters");
  return { action, params: await readParameters(rest, stdin) };
}

/** Says on standard error which action may have been meant: what is only signed is refused by nobody here. */
export async function noteMisspelling({ stderr, env }, action) {
  const { actions } = await readCatalogue();
  const meant = Object.hasOwn(actions, action) ? undefined : nearest(action, Object.keys(actions));
  if (meant !== undefined) stderr.write(`${styleFor(stderr, env).dim(printable(`qingcloud: no known action is called ${action}; did you mean ${meant}?`))}\n`);
}

/** The options of one signature. */
export const signOptions = ({ method }) => (method === undefined ? {} : { method });

// What the commands that name an action share.

import { Usage } from "./failures.js";
import { readParameters } from "./parameters.js";

/** `{ action, params }` of a command's words. */
export async function readCall(words, stdin) {
  const [action, ...rest] = words;
  if (action === undefined) throw new Usage("name an action, such as DescribeInstances");
  if (/[=@]/.test(action)) throw new Usage("the action comes first, then its parameters");
  return { action, params: await readParameters(rest, stdin) };
}

/** The options of one signature. */
export const signOptions = ({ method }) => (method === undefined ? {} : { method });

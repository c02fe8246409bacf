// A client whose fetch is a function of the parameters that were sent: no sockets, no emulator.

import { QingCloudClient } from "qingcloud-wasm";

/** The parameters of a signed request, whichever way it goes. */
export function parametersOf(url, init) {
  return Object.fromEntries(new URLSearchParams(init?.body ?? new URL(url).search));
}

/** `answer(parameters)` gives the JSON of each reply; what was sent stands in `sent`. */
export function stubClient(answer, options = {}) {
  const sent = [];
  const client = new QingCloudClient({
    accessKeyId: "QYACCESSKEYIDEXAMPLE",
    secretAccessKey: "SECRETACCESSKEY",
    zone: "pek3",
    fetch: async (url, init) => {
      const parameters = parametersOf(url, init);
      sent.push(parameters);
      return Response.json(await answer(parameters, init));
    },
    ...options,
  });
  return { client, sent };
}

/** The items of an indexed list among flat parameters. */
export function listOf(parameters, name) {
  return Object.keys(parameters).filter((key) => key.startsWith(`${name}.`)).map((key) => parameters[key]);
}

export async function collect(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

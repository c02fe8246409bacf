// What a request on the wire says, for showing it.

import { PUBLIC } from "./parts.js";

/** The action and the call's own parameters in a signed URL, or in the body of a POST. */
export function readWire(url, body) {
  const query = body ?? url.slice(url.indexOf("?") + 1);
  const pairs = query.split("&").map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(decodeURIComponent));
  const action = pairs.find(([name]) => name === "action")?.[1];
  const params = Object.fromEntries(pairs.filter(([name]) => !PUBLIC.has(name) && name !== "signature"));
  return { action, params };
}

/** Adds a request to a list; polls of the same thing, one after the other, count as one. */
export function withRequest(list, request) {
  const last = list.at(-1);
  const isPoll = last?.action === "DescribeJobs" && request.action === "DescribeJobs";
  return isPoll ? [...list.slice(0, -1), { ...request, id: last.id, times: last.times + 1 }] : [...list, { ...request, times: 1 }];
}

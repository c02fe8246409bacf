// What `call` costs beyond its `fetch`: over a stub, and over a server on 127.0.0.1.
//
// Usage: node bench/call.mjs [rounds]

import { CALL_ADDS_MICROSECONDS, LOOPBACK } from "./bounds.js";
import { overLoopback, overStub } from "./call.js";
import { table } from "./harness.js";

const rounds = Number(process.argv[2] ?? 41);
table(
  "A call over a stubbed fetch, processor time in µs",
  ["fetch gives", "awaiting it and JSON.parse", "call adds", "must be", "of which signUrl"],
  Object.entries(await overStub(rounds)).map(([name, { bare, added, signing }]) => [name, bare.toFixed(1), added.toFixed(1), `≤ ${CALL_ADDS_MICROSECONDS}`, signing.toFixed(1)]),
);
table(
  "A call to a server on 127.0.0.1",
  ["", "fetch + json() µs", "call µs", "ratio", "must be", "fetch + json() with a signature and a signal"],
  Object.entries(await overLoopback(rounds)).map(([name, { bare, least, call, ratio }]) => [name, bare.toFixed(0), call.toFixed(0), ratio.toFixed(2), `≤ ${LOOPBACK}`, least.toFixed(2)]),
);

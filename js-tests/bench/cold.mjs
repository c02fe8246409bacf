// Import and first signature, in a fresh process each time.
//
// Usage: node bench/cold.mjs [rounds]

import { COLD } from "./bounds.js";
import { coldStarts, MEASURE } from "./cold.js";
import { median, ratio, table } from "./harness.js";

const taken = coldStarts(Number(process.argv[2] ?? 41));
const ms = (times) => (median(times) / 1000).toFixed(1);
table(
  "Import and first signature, a fresh process each time",
  ["", "processor ms", "ratio", "must be", "wall ms", "whole process, processor ms", "ratio"],
  Object.entries(taken).map(([name, { work, wall, whole }]) => [
    name,
    ms(work),
    ratio(work, taken[MEASURE].work).toFixed(2),
    COLD[name] ? `≤ ${COLD[name]}` : "",
    ms(wall),
    ms(whole),
    ratio(whole, taken[MEASURE].whole).toFixed(2),
  ]),
);

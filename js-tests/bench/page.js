// signUrl against what a page would use instead; the same in Node and in browsers, where only the wall clock can be read.

import { compare, wallTime } from "./harness.js";
import { portableCandidates } from "./portable.js";
import { SETS } from "./sets.js";

/** The results of `compare` for one set, after all candidates were seen to make the same URLs. */
export async function measure(setName, rounds) {
  const set = SETS[setName];
  const candidates = await portableCandidates();
  for (let number = 0; number < 200; number += 1) {
    const signed = await Promise.all(Object.values(candidates).map(({ sign }) => sign(...set(number))));
    if (new Set(signed).size !== 1) throw new Error(`the candidates differ: ${signed.join(" ")}`);
  }
  return compare(candidates, set, { rounds, calls: 1000, clock: wallTime });
}

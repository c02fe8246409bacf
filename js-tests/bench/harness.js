// Compares signers in one run: every candidate in every round, in shuffled order, by processor time.

/** Reading a character makes the engine join what it has only linked together. */
const flatten = (text) => text.charCodeAt(text.length - 1);

function shuffled(items) {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

export function median(values) {
  const sorted = values.toSorted ? values.toSorted((a, b) => a - b) : [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * `candidates`: name to signer; the first is the measure. Gives for each the median over all rounds of its time divided
 * by the first one's, and its own median in microseconds a signature.
 */
export function compare(candidates, set, { rounds = 41, calls = 2000 } = {}) {
  const names = Object.keys(candidates);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  let number = 0;
  for (let round = -4; round < rounds; round += 1) {
    const inputs = Array.from({ length: calls }, () => set((number += 1)));
    for (const name of shuffled(names)) {
      const sign = candidates[name];
      const start = process.cpuUsage();
      for (const [action, params] of inputs) flatten(sign(action, params));
      const { user, system } = process.cpuUsage(start);
      // The first rounds warm the engine up.
      if (round >= 0) times[name].push((user + system) / calls);
    }
  }
  const [measure] = names;
  return names.map((name) => ({
    name,
    ratio: median(times[name].map((time, round) => time / times[measure][round])),
    microseconds: median(times[name]),
  }));
}

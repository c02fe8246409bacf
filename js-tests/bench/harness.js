// Compares candidates in one run: every candidate in every round, in shuffled order, by processor time.

/** Reading a character makes the engine join what it has only linked together. */
const flatten = (text) => text.charCodeAt(text.length - 1);

export function shuffled(items) {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Processor time of this process with all its threads, in µs. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * Runs each function of `work` once a round, and gives for each name its times in µs, by round. The first rounds warm
 * the engine up and do not count.
 */
export async function alternate(work, { rounds = 41, warmUp = 4, clock = processorTime, each = () => {} } = {}) {
  const names = Object.keys(work);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    await each();
    for (const name of shuffled(names)) {
      const start = clock();
      await work[name]();
      const time = clock() - start;
      if (round >= 0) times[name].push(time);
    }
  }
  return times;
}

/** Prints a line of a table: a name, then columns of text. */
export function row(name, ...columns) {
  console.log(`  ${name.padEnd(36)}${columns.map((text) => text.padStart(Math.max(12, text.length + 2))).join("")}`);
}

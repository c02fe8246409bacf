// Compares candidates in one run: every candidate in every round, in shuffled order, each against the first one in the
// same round. Runs in browsers too.

/** Reading a character makes the engine join what it has only linked together. */
const flatten = (text) => text.charCodeAt(text.length - 1);

function flattenAll(value) {
  if (typeof value === "string") flatten(value);
  else if (typeof value === "object") Object.values(value).forEach(flattenAll);
}

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

/** The median over all rounds of each time divided by the measure's in the same round. */
export const ratio = (times, measure) => median(times.map((time, round) => time / measure[round]));

/** Processor time of this process with all its threads, in µs. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Wall time in µs, for whoever has no other. */
export const wallTime = () => performance.now() * 1000;

/**
 * Runs each function of `work` once a round, and gives for each name its times in µs, by round. A function that gives a
 * number was measured elsewhere. The first rounds warm the engine up and do not count; `each` runs before every round.
 */
export async function alternate(work, { rounds, warmUp = 4, clock = processorTime, each = () => {} }) {
  const names = Object.keys(work);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    each();
    for (const name of shuffled(names)) {
      const start = clock();
      const elsewhere = await work[name]();
      const time = elsewhere ?? clock() - start;
      if (round >= 0) times[name].push(time);
    }
  }
  return times;
}

/**
 * A candidate that signs at once. `sign(action, params)` gives a text; `prepare`, if there is one, makes of an action and
 * its parameters what `sign` takes instead, outside the time that is measured.
 */
export const atOnce = (sign, prepare) => ({
  sign,
  prepare,
  run(inputs) {
    for (const [action, params] of inputs) flatten(sign(action, params));
  },
});

/** A candidate whose `sign` gives a promise; one signature after the other. */
export const later = (sign, prepare) => ({
  sign,
  prepare,
  async run(inputs) {
    for (const [action, params] of inputs) flatten(await sign(action, params));
  },
});

/**
 * `candidates`: name to candidate; the first is the measure. Gives for each its ratio to the measure, and its own median
 * in microseconds a signature.
 */
export async function compare(candidates, set, { rounds = 41, calls = 2000, clock } = {}) {
  const prepared = {};
  let number = 0;
  const each = () => {
    const inputs = Array.from({ length: calls }, () => set((number += 1)));
    for (const [name, { prepare }] of Object.entries(candidates)) {
      prepared[name] = prepare ? inputs.map(([action, params]) => [action, prepare(action, params)]) : inputs;
      flattenAll(prepared[name]);
    }
  };
  const work = Object.fromEntries(Object.entries(candidates).map(([name, { run }]) => [name, () => run(prepared[name])]));
  const times = await alternate(work, { rounds, clock, each });
  const [measure] = Object.values(times);
  return Object.fromEntries(Object.entries(times).map(([name, own]) => [name, { ratio: ratio(own, measure), microseconds: median(own) / calls }]));
}

const width = (text) => [...text].reduce((sum, letter) => sum + (letter > "⺀" ? 2 : 1), 0);

/** Prints a table in Markdown: the first column is a name, the others are figures. */
export function table(title, header, rows) {
  const lines = [header, ...rows].map((line) => line.map(String));
  const widths = header.map((_, column) => Math.max(4, ...lines.map((line) => width(line[column]))));
  const pad = (text, column) => (column === 0 ? text + " ".repeat(widths[0] - width(text)) : " ".repeat(widths[column] - width(text)) + text);
  const [head, ...body] = lines.map((line) => `| ${line.map(pad).join(" | ")} |`);
  const rule = `| ${widths.map((wide, column) => (column === 0 ? "-".repeat(wide) : `${"-".repeat(wide - 1)}:`)).join(" | ")} |`;
  console.log([`\n${title}\n`, head, rule, ...body].join("\n"));
}

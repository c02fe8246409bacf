// Chance with a seed: the same seed gives the same requests, so that a difference can be looked at again.

/** A generator of numbers from 0 to 1: mulberry32, whose steps are all 32-bit integers. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What one draws with a generator. */
export function drawer(seed) {
  const next = random(seed);
  const integer = (from, to) => from + Math.floor(next() * (to - from + 1));
  const one = (list) => list[integer(0, list.length - 1)];
  return { next, integer, one, chance: (share) => next() < share };
}

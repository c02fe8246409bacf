// 20,000 random requests, signed by each class over each of its modules and by a signer of a few lines that shares no code with them.

import { test } from "node:test";
import { CLASSES } from "./classes.js";
import { compare } from "./prove/independent.js";

const SEED = 20130827;
for (const [name, Class] of Object.entries(CLASSES)) {
  test(`${name} agrees with an independent signer on 20,000 requests`, () => compare(Class, 20_000, SEED));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, findPython } from "./prove/python.mjs";

const python = findPython();

// A new seed every time; a failure prints it, and `node prove/python.mjs 20000 SEED` repeats it.
test("the official Python SDK signs 20,000 random requests the same way", { skip: python === undefined && "there is no Python 3 here to run the official SDK with" }, async () => {
  const seed = Date.now() % 2 ** 32;
  const { compared, differences } = await compare({ count: 20_000, seed, python });
  assert.deepEqual(differences, [], `seed ${seed}`);
  assert.equal(compared, 20_000);
});

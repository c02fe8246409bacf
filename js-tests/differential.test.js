// 20,000 random requests, signed by both classes and by a signer of a few lines that shares no code with them.

import { test } from "node:test";
import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { compare } from "./prove/independent.js";

const SEED = 20130827;
for (const Class of [QingCloudClient, Signer]) {
  test(`${Class.name} agrees with an independent signer on 20,000 requests`, () => compare(Class, 20_000, SEED));
}

// The program that every runtime and bundler has to run: sign the manual's sample twice, call the emulator once.

import { readFile } from "node:fs/promises";

const published = JSON.parse(await readFile(new URL("../../src/sign/vectors/published.json", import.meta.url), "utf8"));
const { secret_access_key: secretAccessKey, vectors } = published;
const sample = vectors.find(({ id }) => id === "manual-RunInstances-pek3a");
const { action, zone, ...parameters } = sample.input;

/** The key of the manual's samples. */
export const key = { accessKeyId: sample.access_key_id, secretAccessKey };

/** What signs the sample: `sign`, with a `key` and the time to sign at. */
export const signing = `
const key = ${JSON.stringify({ ...key, zone })};
const now = () => Date.parse("${sample.time_stamp}");
const sign = (signer) => signer.signUrl("${action}", ${JSON.stringify(parameters)});
`;

const body = `${signing}
async function program() {
  const client = sign(new QingCloudClient({ ...key, now, dangerouslyAllowBrowser: true }));
  const signer = sign(new Signer({ ...key, now }));
  const { accessKeyId, secretAccessKey, fetch } = new Emulator();
  const { ret_code } = await new QingCloudClient({ accessKeyId, secretAccessKey, fetch }).call("DescribeZones");
  return { client, signer, ret_code };
}
`;

/** The program as an ES module that exports `program`. */
export const esModule = `
import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { Emulator } from "qingcloud-wasm/emulator";
${body}
export { program };
`;

/** The same as a CommonJS module. */
export const commonJs = `
const { QingCloudClient } = require("qingcloud-wasm");
const { Signer } = require("qingcloud-wasm/sign");
const { Emulator } = require("qingcloud-wasm/emulator");
${body}
exports.program = program;
`;

/** What the program gives: the manual prints this URL. */
export const expected = { client: sample.url, signer: sample.url, ret_code: 0 };

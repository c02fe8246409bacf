// The candidates that run in Node and in browsers alike.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { atOnce, later } from "./harness.js";
import { plainAsyncSigner, plainSigner } from "./plain.js";

export const OPTIONS = {
  accessKeyId: "QYACCESSKEYIDEXAMPLE",
  secretAccessKey: "SECRETACCESSKEY",
  zone: "pek3",
  now: () => 1_700_000_000_000,
  // A page is told that its key can be read by everyone; this one is published anyway.
  dangerouslyAllowBrowser: true,
};

const encoder = new TextEncoder();
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

export async function portableCandidates() {
  const { dangerouslyAllowBrowser, ...options } = OPTIONS;
  const secret = encoder.encode(options.secretAccessKey);
  // Imported once, as an application would: a key a signature costs as much again.
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const client = new QingCloudClient(OPTIONS);
  const signer = new Signer(options);
  return {
    "plain JS + WebCrypto (asynchronous)": later(
      plainAsyncSigner(options, async (text) => base64(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))))),
    ),
    "plain JS + @noble/hashes": atOnce(plainSigner(options, (text) => base64(hmac(sha256, secret, encoder.encode(text))))),
    "QingCloudClient.signUrl": atOnce((action, params) => client.signUrl(action, params)),
    "Signer.signUrl": atOnce((action, params) => signer.signUrl(action, params)),
  };
}

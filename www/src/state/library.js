// The library, in two parts: the signer comes once the page stands, the client when something is first sent.

import { signal } from "@preact/signals";

/** The class `Signer`; undefined while it loads. */
export const Signer = signal();
export const signerProblem = signal();

export async function loadSigner() {
  signerProblem.value = undefined;
  try {
    Signer.value = (await import("qingcloud-wasm/sign")).Signer;
  } catch (error) {
    signerProblem.value = error.message;
  }
}

/** The class `QingCloudClient`. */
export async function loadClient() {
  return (await import("qingcloud-wasm")).QingCloudClient;
}

// A secret's bytes, in a buffer of its own.

import { QingCloudError } from "./error.js";

/** UTF-8 of a string, or a copy of a Uint8Array. */
export function secretBytes(secret) {
  // The first question is one that no proxy hears.
  if (ArrayBuffer.isView(secret) && secret instanceof Uint8Array) return secret.slice();
  if (typeof secret === "string" && !/\p{Surrogate}/u.test(secret)) return new TextEncoder().encode(secret);
  throw new QingCloudError({
    kind: "options",
    message: "\"secretAccessKey\" must be a well-formed string or a Uint8Array",
  });
}

/** What `work` makes of the secret's bytes, which are wiped then, however it ends. */
export function withSecret(secret, work) {
  const bytes = secretBytes(secret);
  try {
    return work(bytes);
  } finally {
    bytes.fill(0);
  }
}

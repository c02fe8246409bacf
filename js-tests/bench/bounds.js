// What the tables are held against.

/** Processor time of signUrl as a ratio to plain JS + node:crypto, for each set. */
export const SIGNING = {
  "QingCloudClient.signUrl": { "one shape": 0.4, mixed: 0.5, polling: 0.4 },
  "Signer.signUrl": { "one shape": 0.3, mixed: 0.35, polling: 0.3 },
};

/** Processor time that a call adds to awaiting a stubbed `fetch` and parsing its answer. */
export const CALL_ADDS_MICROSECONDS = 15;

/** A call to a server on the same machine, as a ratio to `fetch` and `json()`. */
export const LOOPBACK = 1.15;

/** Importing and signing for the first time, as a ratio to `node:crypto` and a first HMAC. */
export const COLD = { Signer: 1.5, QingCloudClient: 2.5 };

/** Growth of the heap over a long life, in MB; and of all memory where clients come and go. */
export const GROWTH_MB = 5;

/** As bundled, minified, gzip -9; in KB of 1000 bytes. */
export const SIZE_KB = { QingCloudClient: 80, Signer: 9 };

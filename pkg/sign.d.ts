/// <reference lib="esnext.disposable" />

/**
 * The signing core alone: it makes no calls and knows of the catalogue only how lists are written. For edge workers, and for
 * pages that count bytes.
 *
 * @module qingcloud-wasm/sign
 */

export { isQingCloudError, QingCloudError } from "./error.js";
export type { ErrorKind, Outcome, ReadBack, Reason, Violation } from "./error.js";

/** How one request is signed. */
export interface SignOptions {
  /** The action's own unless given: GET, for two actions POST. */
  method?: "GET" | "POST";
  /** The zone of this call; else that of the client or signer. */
  zone?: string;
  /** Sends `expires`: the request is good this long, where `time_stamp` alone gives it 60 s. */
  expiresInSeconds?: number;
  /** Sent as `req_id`. Signing alone adds none. */
  requestId?: string;
}

/**
 * A request that can be sent as it is, once, within its time.
 *
 * @example
 * const { method, url, headers, body } = client.sign("StopInstances", { instances: ["i-abcd1234"] });
 * await fetch(url, { method, headers, body });
 */
export interface SignedRequest {
  /** The method that was signed. */
  method: "GET" | "POST";
  /** Where to send it. Its query is signed byte for byte: use it as it is. */
  url: string;
  /** To be sent with it: for a POST, the type of its body. */
  headers: { [name: string]: string };
  /** The form body of a POST. */
  body?: string;
}

/** Every step of a signature. It holds the signature: whoever has it can make the call. */
export interface Explanation {
  /** The method, the first line of what is signed. */
  method: "GET" | "POST";
  /** The path that is signed, as written in the endpoint: its slash matters. */
  path: string;
  /** Names and values in signing order, decoded. */
  parameters: [name: string, value: string][];
  /** The same encoded and joined: the third line of what is signed. */
  canonicalQuery: string;
  /** What the signature is made of. */
  stringToSign: string;
  /** Base64, not yet percent-encoded. */
  signature: string;
  /** Where to send it; of a GET, with the signature. */
  url: string;
  /** The form body of a POST, with the signature. */
  body?: string;
}

/** How a signer is set up. */
export interface SignerOptions {
  /** The id of the access key. */
  accessKeyId: string;
  /** The secret; bytes are copied, so that they can be wiped. */
  secretAccessKey: string | Uint8Array;
  /** The token of a temporary key: it makes the endpoint `/iam/` and the signature version 2. */
  token?: string;
  /** `https://api.qingcloud.com/iaas/` unless given. The path is kept as written: its slash is signed. */
  endpoint?: string;
  /** The zone of every call that names none: `pek3`. */
  zone?: string;
  /** `HmacSHA256` unless given. */
  signatureMethod?: "HmacSHA256" | "HmacSHA1";
  /** Sent as `signature_version`: 1, with a token 2, unless given. */
  signatureVersion?: 1 | 2;
  /** Sends `expires` with each request: it is good this long. */
  expiresInSeconds?: number;
  /** The clock, in ms since 1970; `Date.now` unless given. */
  now?: () => number;
}

/**
 * Signs requests, and nothing else: for edge workers and for pages that count bytes. It writes
 * parameters as `QingCloudClient` does and does not check them. It takes a secret in a page too, where everyone who opens
 * it can read it.
 *
 * @example
 * import { Signer } from "qingcloud-wasm/sign";
 * using signer = new Signer({ accessKeyId, secretAccessKey, zone: "pek3" });
 * const answer = await fetch(signer.signUrl("DescribeInstances", { status: ["running"] }));
 */
export declare class Signer {
  /** Throws kind `options` where something is missing or unknown. */
  constructor(options: SignerOptions);
  /** The address of a GET. Throws for the two actions that are POST. */
  signUrl(action: string, params?: { [parameter: string]: unknown } | null, options?: SignOptions | null): string;
  /** A request for any HTTP client. */
  sign(action: string, params?: { [parameter: string]: unknown } | null, options?: SignOptions | null): SignedRequest;
  /** Every step of the signature. */
  explain(action: string, params?: { [parameter: string]: unknown } | null, options?: SignOptions | null): Explanation;
  /** Wipes the key, which signers with the same options share: the last of them wipes it. Later use throws. */
  free(): void;
  /** The same as `free`, for `using`. */
  [Symbol.dispose](): void;
}

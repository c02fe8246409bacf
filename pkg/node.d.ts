/**
 * Keys from where a machine keeps them: the environment, the file of the official tools, the metadata of an instance.
 *
 * @module qingcloud-wasm/node
 */

import type { CommonOptions, CredentialProvider, Fetch, StaticKey } from "./index.js";

/** A key with the zone and endpoint that go with it: options for a `QingCloudClient`, as they are or spread into more. */
export type KeyOptions = StaticKey & Pick<CommonOptions, "zone" | "endpoint">;

/**
 * Reads a key from the environment, at once, so that signing stays synchronous.
 *
 * `QINGCLOUD_ACCESS_KEY_ID` with `QINGCLOUD_SECRET_ACCESS_KEY`, or the terraform provider's `QINGCLOUD_ACCESS_KEY` with
 * `QINGCLOUD_SECRET_KEY`; `QINGCLOUD_ZONE` and `QINGCLOUD_ENDPOINT` where they are set. Half a pair is an error, for the
 * other half might belong to another key.
 *
 * @throws QingCloudError of kind `credentials`, naming the variables that are missing
 * @example
 * const client = new QingCloudClient(fromEnv());
 */
export function fromEnv(env?: Record<string, string | undefined>): KeyOptions;

/**
 * Reads a key from the file of the official SDKs and command line, at once, so that signing stays synchronous.
 *
 * The names are those of the official Go SDK and command line: `qy_access_key_id`, `qy_secret_access_key`, `zone`, and
 * `host`, `port`, `protocol`, `uri` for the endpoint; others are ignored. The path in `uri` is signed as it is written.
 * Values are taken as text, so a secret needs no quotes. A file that says `protocol: http` needs `allowInsecureHttp` on
 * the client as well. Where other users of the machine can read or change the file, the process emits a warning.
 *
 * @param path `~/.qingcloud/config.yaml` unless given; `~/` is the home folder
 * @throws QingCloudError of kind `credentials`, naming the file and what is wrong with it, never its content
 */
export function fromConfigFile(path?: string): KeyOptions;

/** Where and how the metadata is asked for. */
export interface InstanceMetadataOptions {
  /** Where to ask; `http://169.254.169.254/latest/meta-data/security-credentials` unless given. */
  url?: string;
  /** How long the whole exchange may take; 1000 unless given. */
  timeoutMs?: number;
  /** Asks for it; the global `fetch` unless given. */
  fetch?: Fetch;
}

/**
 * A provider of the credentials that a QingCloud instance has by its IAM role; the client asks it, remembers the answer
 * and renews it 5 minutes before its end. Requests then carry a token and go to `/iam/` with signature version 2.
 *
 * Address and answer are as the API guide shows them (signature page) and the official Go, Java and Python SDKs use
 * them: a JSON object, or a JSON string that holds one, with `access_key`, `secret_key`, `id_token` and `expiration` in
 * seconds since 1970. The answer is parsed as data and bounded to 64 KB; a redirect is not followed. This has not been
 * tried on a live instance.
 */
export function fromInstanceMetadata(options?: InstanceMetadataOptions): CredentialProvider;

/**
 * A provider that asks others in turn, until one gives a key. If none does, one error says which were tried and why
 * each failed. Synchronous sources fit as they are; of what they give, the key alone is used.
 *
 * @example
 * const client = new QingCloudClient({ zone: "pek3", credentials: chain(fromEnv, fromConfigFile, fromInstanceMetadata()) });
 */
export function chain(...providers: (() => ReturnType<CredentialProvider> | KeyOptions)[]): CredentialProvider;

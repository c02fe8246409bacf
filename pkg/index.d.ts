/// <reference lib="esnext.disposable" />

/**
 * The client: signed URLs, and calls with everything that goes with them. What an action takes and answers is typed, as the
 * catalogue has it. Times that are called `Ms` are milliseconds.
 *
 * @module qingcloud-wasm
 */

import type { Actions, Job as ListedJob, LooseItem, LooseOutput, LooseParams } from "./dist/actions.js";
import type { Explanation, SignedRequest, SignOptions } from "./sign.js";

export { isQingCloudError, QingCloudError } from "./error.js";
export type { ErrorKind, Outcome, ReadBack, Reason, Violation } from "./error.js";
export type { Explanation, SignedRequest, SignOptions } from "./sign.js";
export type { Actions } from "./dist/actions.js";

/** The actions of the catalogue. */
export type ActionName = keyof Actions;

/** Any action: those of the catalogue are typed, others loosely, for the API grows faster than any catalogue. */
export type Action = ActionName | (string & {});

/** What an action takes, such as `Params<"RunInstances">`. Further parameters pass, typed loosely. */
export type Params<A extends string> = A extends ActionName ? Actions[A]["params"] : LooseParams;

/** What an action answers, such as `Output<"DescribeInstances">`: the service's JSON object, untouched. */
export type Output<A extends string> = A extends ActionName ? Actions[A]["output"] : LooseOutput;

/** What a list action lists, such as `Item<"DescribeInstances">`; `never` for an action that lists nothing. */
export type Item<A extends string> = A extends ActionName ? Actions[A]["item"] : LooseItem;

/** Parameters and options; the parameters can be left out where none is required. */
export type Arguments<A extends string, O> = {} extends Params<A>
  ? [params?: Params<A> | null, options?: O | null]
  : [params: Params<A>, options?: O | null];

/** An access key. */
export interface StaticKey {
  /** Its id: the half that is no secret. */
  accessKeyId: string;
  /** The secret; bytes are copied, so that they can be wiped. */
  secretAccessKey: string | Uint8Array;
  /** The token of a temporary key: it makes the endpoint `/iam/` and the signature version 2. */
  token?: string;
}

/** A key that may end. */
export interface Credentials extends StaticKey {
  /** When the key ends, as a `Date` or ms since 1970; it is renewed 5 minutes before, or after half of its life where that is shorter. Absent: never. */
  expiresAt?: Date | number;
}

/**
 * Gives a key whenever one is needed; asked once at a time, and its answer kept until it ends.
 *
 * @example
 * const client = new QingCloudClient({ zone: "pek3", credentials: async () => (await fetch("https://keys.example/mine")).json() });
 */
export type CredentialProvider = () => Credentials | Promise<Credentials>;

/** A call to be signed. */
export interface UnsignedRequest {
  /** The action's name. */
  action: string;
  /** As the caller gave them, as JSON has them. */
  params: { [parameter: string]: unknown };
  /** The zone of the call; absent where none is to be sent. */
  zone?: string;
  /** The method it will be sent with; the action's own where it is absent. */
  method?: "GET" | "POST";
  /** To be sent as `req_id`. */
  requestId?: string;
  /** To be sent as `expires`: this long from the moment of signing. */
  expiresInSeconds?: number;
}

/** Signs elsewhere: in a vault, or on a server of your own. It is asked for every attempt. */
export type SignerFunction = (request: UnsignedRequest) => SignedRequest | Promise<SignedRequest>;

/** A `createHandler` endpoint (`qingcloud-wasm/server`): how pages make calls without a key. */
export interface Remote {
  /** Its address; in a page a path will do. */
  url: string;
  /** `proxy`, unless given: it makes the call. `sign`: it signs, and the page sends. */
  mode?: "proxy" | "sign";
  /** Sent to it with each request. */
  headers?: { [name: string]: string };
}

/** What of an `AbortSignal` is used. */
export interface AbortSignalLike {
  /** Whether it has aborted already. */
  readonly aborted: boolean;
  /** What the promise then rejects with. */
  readonly reason?: any;
  /** Tells of an abort to come. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Tells no longer. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What of a `Response` is used. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** Its headers, of which `Date` and `Retry-After` are read. */
  readonly headers?: {
    /** The value of the header called `name`, or null. */
    get(name: string): string | null;
  };
  /** Read instead of `text()` where it is a stream, so that a body that is too large need not be taken in whole. */
  readonly body?: unknown;
  /** The whole body. */
  text(): Promise<string>;
}

/** A `fetch`: the platform's own, that of the emulator, or a wrapper. */
export type Fetch = (url: string, init?: any) => Promise<FetchResponse>;

/** What holds for every call of a client. */
export interface CommonOptions {
  /** `https://api.qingcloud.com/iaas/` unless given. The path is kept as written: its slash is signed. */
  endpoint?: string;
  /** The zone of every call that names none: `pek3`. */
  zone?: string;
  /** `HmacSHA256` unless given. */
  signatureMethod?: "HmacSHA256" | "HmacSHA1";
  /** Sent as `signature_version`: 1, with a token 2, unless given. */
  signatureVersion?: 1 | 2;
  /**
   * Sends `expires` with each request: it is good this long. Unless given, a changing call is good until 5 s after its
   * deadline, everything else for the 60 s that `time_stamp` gives.
   */
  expiresInSeconds?: number;
  /** How long one attempt may take, body included; 30 000 unless given. */
  timeoutMs?: number;
  /** How long a whole call may take, with the pauses between attempts; 120 000 unless given. */
  deadlineMs?: number;
  /** How often a call is sent at most; 3 unless given, and 1 for no retries. */
  maxAttempts?: number;
  /** How many requests are under way at the same time, the others wait; 32 unless given. */
  maxConcurrency?: number;
  /** Calls wait where more than so many would go out in an hour. No limit unless given; the service's own is 2,000. */
  callsPerHour?: number;
  /** Refuses every action that changes something, and every one that the catalogue does not know and that is not called `Describe…` or `Get…`. */
  readOnly?: boolean;
  /**
   * What is checked before a call is sent. `lenient`, unless given: impossible types, and what a
   * page requires. `strict`: also names, listed values, digits given as text, and lists that are empty. `off`: nothing.
   * Where it is given, `signUrl`, `sign`, `explain` and `signAsync` check the same; where it is not,
   * they sign what they are given.
   */
  validate?: "off" | "lenient" | "strict";
  /** Allows an `http:` endpoint that is not this machine's own. */
  allowInsecureHttp?: boolean;
  /**
   * Allows a secret in a page, where everyone who opens it can read it. An `endpoint` on the same machine and a `fetch` of
   * your own need no such permission: tests and the emulator have them.
   */
  dangerouslyAllowBrowser?: boolean;
  /** Sends the requests; the global `fetch`, looked up at each call, unless given. */
  fetch?: Fetch;
  /** The clock, in ms since 1970; `Date.now` unless given. */
  now?: () => number;
  /**
   * Told what a client does. No event holds a URL, a parameter, a body or a signature. Whatever it throws, or its promise
   * rejects with, changes nothing.
   *
   * @example
   * const client = new QingCloudClient({
   *   accessKeyId,
   *   secretAccessKey,
   *   onEvent: (event) => event.type === "retry" && console.warn(`${event.action} again in ${event.afterMs} ms`),
   * });
   */
  onEvent?: (event: ClientEvent) => void;
}

interface NoKey { accessKeyId?: undefined; secretAccessKey?: undefined; token?: undefined }
interface NoCredentials { credentials?: undefined }
interface NoSigner { signer?: undefined }
interface NoRemote { remote?: undefined }

/**
 * How a client is set up: one source of signatures, and what holds for every call.
 *
 * @example
 * const options: ClientOptions = { accessKeyId, secretAccessKey, zone: "pek3", maxAttempts: 5 };
 * @example
 * const options: ClientOptions = { remote: { url: "/api/qingcloud" } };
 */
export type ClientOptions = CommonOptions &
  (
    | ({
        /** Gives keys that may end; signing is then asynchronous: `signAsync`. */
        credentials: CredentialProvider;
      } & NoKey & NoSigner & NoRemote)
    | ({
        /** Signs elsewhere. */
        signer: SignerFunction;
      } & NoKey & NoCredentials & NoRemote)
    | ({
        /** Has a server of your own make or sign the calls. */
        remote: Remote;
      } & NoKey & NoCredentials & NoSigner)
    // Last, for TypeScript tells what the last one lacks where none fits.
    | (StaticKey & NoCredentials & NoSigner & NoRemote)
  );

/** How one call is made; what is not said here is as the client says. */
export interface CallOptions extends SignOptions {
  /** Ends the call, in whatever it is doing; the promise rejects with the signal's reason. */
  signal?: AbortSignalLike;
  /** How long one attempt may take. */
  timeoutMs?: number;
  /** How long the whole call may take. */
  deadlineMs?: number;
  /** How often it is sent at most. */
  maxAttempts?: number;
  /** Says that repeating this call is harmless, so that it is retried when a reply is lost. */
  idempotent?: boolean;
}

/** How a list is walked. */
export interface PageOptions extends CallOptions {
  /** Stops after so many items. */
  maxItems?: number;
}

/** A job, as `DescribeJobs` lists it: what an action goes on doing after its answer. */
export interface Job extends ListedJob {
  /** Such as `j-abcd1234`. */
  job_id: string;
  /** The action that started it. */
  job_action: ListedJob["job_action"];
  /** How it stands. The last three are final. */
  status: ListedJob["status"];
  /** What it was told, as text. */
  directive: string;
  /** The ids of what it works on, in one text. */
  resource_ids: string;
  /** The user it belongs to. */
  owner: string;
}

/** How far a wait is. */
export interface WaitProgress {
  /** How many jobs or resources have arrived. */
  done: number;
  /** How many are waited for. */
  total: number;
  /** The jobs as last seen, in a wait for jobs. */
  jobs?: Job[];
}

/** How long and how often to look. */
export interface WaitOptions {
  /** How long to wait at most, after which it is an error of kind `timeout`; 600 000 unless given. */
  waitLimitMs?: number;
  /** The first pause between two looks, from which the others grow; 1000 unless given. */
  minIntervalMs?: number;
  /** The longest pause; 10 000 unless given. */
  maxIntervalMs?: number;
  /** Ends the wait; the promise rejects with the signal's reason. */
  signal?: AbortSignalLike;
  /** The zone to look in; that of the client unless given. */
  zone?: string;
  /** Told after each look. */
  onProgress?: (progress: WaitProgress) => void;
}

/** The items of a list action; each iteration walks the list anew. */
export interface Pages<I, O> extends AsyncIterable<I> {
  /** The answers, page by page. */
  pages(): AsyncIterable<O>;
}

interface EventOfCall {
  /** The action of the call. */
  action: string;
  /** Its zone, where it has one. */
  zone?: string;
  /** Its `req_id`, the same in all attempts. */
  requestId: string;
  /** From 1. */
  attempt: number;
  /** In ms since 1970. */
  at: number;
}

/** A request is about to be sent. */
export interface RequestEvent extends EventOfCall {
  /** Which event this is. */
  type: "request";
  /** The method that is used. */
  method: "GET" | "POST";
  /** Where it goes: the host of the endpoint, or of the server that makes the call. */
  host: string;
  /** The URL would have been too long, so it goes as a POST, which no page documents for this action. */
  undocumentedPost: boolean;
}

/** A reply came, or none will: then there is no `status`. */
export interface ResponseEvent extends EventOfCall {
  /** Which event this is. */
  type: "response";
  /** The HTTP status. */
  status?: number;
  /** The answer's `ret_code`, where it has one. */
  retCode?: number;
  /** From sending to the end of the body. */
  durationMs: number;
}

/** The call will be tried again. */
export interface RetryEvent extends EventOfCall {
  /** Which event this is. */
  type: "retry";
  /** The pause before the next attempt. */
  afterMs: number;
}

/** The endpoint's clock is this far ahead of ours; calls are signed by it from here on. */
export interface ClockEvent {
  /** Which event this is. */
  type: "clock";
  /** Negative where it is behind. */
  offsetMs: number;
  /** In ms since 1970. */
  at: number;
}

/** `callsPerHour` is used up: the call waits for its turn. */
export interface QuotaEvent {
  /** Which event this is. */
  type: "quota";
  /** The action of the call that waits. */
  action: string;
  /** The `callsPerHour` of the client. */
  limit: number;
  /** How long it will wait. */
  waitMs: number;
  /** In ms since 1970. */
  at: number;
}

/** An answer differs from the catalogue. Nothing is thrown for that. */
export interface DriftEvent {
  /** Which event this is. */
  type: "drift";
  /** The action of the call. */
  action: string;
  /** One sentence for each field that is new or of another type. */
  differences: string[];
  /** In ms since 1970. */
  at: number;
}

/** A wait has looked. */
export interface WaitEvent {
  /** Which event this is. */
  type: "wait";
  /** The zone it looked in, where there is one. */
  zone?: string;
  /** How many jobs or resources have arrived. */
  done: number;
  /** How many are waited for. */
  total: number;
  /** In ms since 1970. */
  at: number;
}

/** What a client tells its `onEvent`. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | ClockEvent | QuotaEvent | DriftEvent | WaitEvent;

/**
 * How far `callsPerHour` is used up, by this client alone. Every request takes one, retries too, and gives it back an hour
 * later: in no hour more than `callsPerHour` go out.
 */
export interface Quota {
  /** How many are taken now. */
  used: number;
  /** `callsPerHour`; `Infinity` where it is not set, and then nothing is counted. */
  limit: number;
  /** When all will have come back, if nobody calls; by the client's clock. */
  resetsAt: Date;
}

/**
 * A client of the QingCloud IaaS API.
 *
 * @example
 * import { QingCloudClient } from "qingcloud-wasm";
 *
 * using client = new QingCloudClient({ accessKeyId, secretAccessKey, zone: "pek3" });
 * const { instance_set } = await client.call("DescribeInstances", { status: ["running"] });
 */
export declare class QingCloudClient {
  /** Throws kind `options` where something is missing, unknown or does not fit together. */
  constructor(options: ClientOptions);

  /**
   * The signed address of a GET, for a browser, `curl` or a later `fetch`.
   *
   * Throws where no key is at hand (see `signAsync`), and for the two actions that are POST (see `sign`).
   *
   * @example
   * const url = client.signUrl("DescribeInstances", { limit: 20 }, { expiresInSeconds: 300 });
   */
  signUrl<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): string;

  /**
   * A signed request, for any HTTP client. Throws where no key is at hand.
   *
   * @example
   * const { method, url, headers, body } = client.sign("StopInstances", { instances: ["i-abcd1234"] });
   * await fetch(url, { method, headers, body });
   */
  sign<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): SignedRequest;

  /**
   * A signed request, from any source of signatures: a key at hand, a provider, a signer function, or a `remote`.
   *
   * @example
   * const client = new QingCloudClient({ zone: "pek3", credentials: fromInstanceMetadata() });
   * const { url } = await client.signAsync("DescribeInstances");
   */
  signAsync<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): Promise<SignedRequest>;

  /**
   * Every step of a signature, to compare with another implementation. Throws where no key is at hand.
   *
   * @example
   * const { stringToSign, signature } = client.explain("DescribeInstances", { limit: 20 });
   */
  explain<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): Explanation;

  /**
   * Makes a call and gives its answer as it came. Resolves only when `ret_code` is 0; everything else rejects with a
   * `QingCloudError`, and an abort with the signal's reason. What could be carried out twice is not repeated.
   *
   * @example
   * const { instances, job_id } = await client.call("RunInstances", {
   *   image_id: "jammyx64", instance_type: "small_b", login_mode: "keypair", login_keypair: "kp-abcd1234",
   * });
   */
  call<A extends Action>(action: A, ...args: Arguments<A, CallOptions>): Promise<Output<A>>;

  /**
   * Lists everything, page after page. Leaving the loop early sends no further request. `limit` is the size of a page,
   * 100 unless given. Throws where the action has no pages.
   *
   * @example
   * for await (const volume of client.paginate("DescribeVolumes", { status: ["available"] })) {
   *   console.log(volume.volume_id, volume.size);
   * }
   */
  paginate<A extends Action>(action: A, ...args: Arguments<A, PageOptions>): Pages<Item<A>, Output<A>>;

  /**
   * Waits until every job was successful; a job that failed rejects with kind `job`, a wait that took too long with kind
   * `timeout`. All waits of a client share their requests.
   *
   * @example
   * const { job_id } = await client.call("StopInstances", { instances: ["i-abcd1234"] });
   * await client.waitForJobs(job_id, { onProgress: ({ done, total }) => console.log(`${done} of ${total}`) });
   */
  waitForJobs(jobIds: string | readonly string[], options?: WaitOptions | null): Promise<Job[]>;

  /**
   * Waits until everything asked for is listed, has a wanted `status`, and nothing is under way. A final status that was
   * not asked for rejects with kind `job` at once.
   *
   * @example
   * await client.waitFor("DescribeInstances", { instances }, { status: "running" });
   */
  waitFor<A extends Action>(
    action: A,
    params: Params<A> | null | undefined,
    options: WaitOptions & { status: string | readonly string[] },
  ): Promise<Item<A>[]>;

  /**
   * Makes a call, waits for the jobs it started, and gives its answer; at once when it started none.
   *
   * Where the wait fails, the call has been accepted all the same: the error's `outcome` is `executed`, and its `response`
   * is the answer, or the job that failed.
   *
   * @example
   * await client.callAndWait("StopInstances", { instances: ["i-abcd1234"] });
   */
  callAndWait<A extends Action>(action: A, ...args: Arguments<A, CallOptions & WaitOptions>): Promise<Output<A>>;

  /** What is left of `callsPerHour`. */
  readonly quota: Quota;

  /**
   * Ends pending calls with an error and wipes the key, which clients with the same key and endpoint share: the last of
   * them wipes it. Later use throws.
   */
  free(): void;
  /** The same as `free`, for `using`. */
  [Symbol.dispose](): void;
}

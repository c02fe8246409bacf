/// <reference lib="esnext.disposable" />

import type { Actions, Job, LooseItem, LooseOutput, LooseParams } from "./dist/actions.js";
import type { Explanation, SignedRequest, SignOptions } from "./sign.js";

export { isQingCloudError, QingCloudError } from "./error.js";
export type { ErrorKind, Outcome, ReadBack, Reason, Violation } from "./error.js";
export type { Explanation, SignedRequest, SignOptions } from "./sign.js";
export type { Actions, Job } from "./dist/actions.js";

/** The actions of the catalogue. */
export type ActionName = keyof Actions;

/** Any action: those of the catalogue are typed, others loosely, for the API grows faster than any catalogue. */
export type Action = ActionName | (string & {});

/** What an action takes: `Params<"RunInstances">`. */
export type Params<A extends string> = A extends ActionName ? Actions[A]["params"] : LooseParams;

/** What an action answers: `Output<"DescribeInstances">`. */
export type Output<A extends string> = A extends ActionName ? Actions[A]["output"] : LooseOutput;

/** What a list action lists: `Item<"DescribeInstances">`. */
export type Item<A extends string> = A extends ActionName ? Actions[A]["item"] : LooseItem;

/** Parameters and options; the parameters can be left out where none is required. */
export type Arguments<A extends string, O> = {} extends Params<A>
  ? [params?: Params<A> | null, options?: O | null]
  : [params: Params<A>, options?: O | null];

/** An access key. */
export interface StaticKey {
  accessKeyId: string;
  /** The secret; bytes are copied, so that they can be wiped. */
  secretAccessKey: string | Uint8Array;
  /** The token of a temporary key: it makes the endpoint `/iam/` and the signature version 2. */
  token?: string;
}

/** A key that may end. */
export interface Credentials extends StaticKey {
  /** When the key ends, as a `Date` or ms since 1970; it is renewed 5 minutes before. Absent: never. */
  expiresAt?: Date | number;
}

/**
 * Gives a key whenever one is needed; asked once at a time, and its answer kept until it ends.
 *
 * @example
 * new QingCloudClient({ credentials: async () => (await fetch("/my/keys")).json() })
 */
export type CredentialProvider = () => Credentials | Promise<Credentials>;

/** A call to be signed. */
export interface UnsignedRequest {
  action: string;
  /** As the caller gave them, as JSON has them. */
  params: { [parameter: string]: unknown };
  zone?: string;
  method?: "GET" | "POST";
  requestId?: string;
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
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What of a `Response` is used. */
export interface FetchResponse {
  readonly status: number;
  readonly headers?: { get(name: string): string | null };
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
  /** 1, with a token 2, unless given. */
  signatureVersion?: 1 | 2;
  /** Sends `expires` with each request: it is good this long. */
  expiresInSeconds?: number;
  /** One attempt, in ms: 30 000. */
  timeoutMs?: number;
  /** The whole call, with the pauses between attempts, in ms: 120 000. */
  deadlineMs?: number;
  /** 3. */
  maxAttempts?: number;
  /** Requests at the same time: 32. */
  maxConcurrency?: number;
  /** Calls wait when so many went out within an hour. No limit unless set; the service's own is 2,000. */
  callsPerHour?: number;
  /** Refuses every action that changes something. */
  readOnly?: boolean;
  /**
   * What is checked before a call is sent. `lenient`, unless given: impossible types, and what a
   * page requires. `strict`: also names, listed values, and digits given as text. `off`: nothing.
   * Where it is given, `signUrl`, `sign`, `explain` and `signAsync` check the same; where it is not,
   * they sign what they are given.
   */
  validate?: "off" | "lenient" | "strict";
  /** Allows an `http:` endpoint that is not this machine's own. */
  allowInsecureHttp?: boolean;
  /** Allows a secret in a page, where everyone who opens it can read it. */
  dangerouslyAllowBrowser?: boolean;
  /** Sends the requests; the global `fetch`, looked up at each call, unless given. */
  fetch?: Fetch;
  /** The clock, in ms since 1970; `Date.now` unless given. */
  now?: () => number;
  /**
   * Told what a client does. No event holds a URL, a parameter, a body or a signature.
   *
   * @example
   * onEvent: (event) => { if (event.type === "retry") console.warn(event.action, event.afterMs); }
   */
  onEvent?: (event: ClientEvent) => void;
}

interface NoKey { accessKeyId?: undefined; secretAccessKey?: undefined; token?: undefined }
interface NoCredentials { credentials?: undefined }
interface NoSigner { signer?: undefined }
interface NoRemote { remote?: undefined }

/** How a client is set up: one source of signatures, and what holds for every call. */
export type ClientOptions = CommonOptions &
  (
    | (StaticKey & NoCredentials & NoSigner & NoRemote)
    | ({ credentials: CredentialProvider } & NoKey & NoSigner & NoRemote)
    | ({ signer: SignerFunction } & NoKey & NoCredentials & NoRemote)
    | ({ remote: Remote } & NoKey & NoCredentials & NoSigner)
  );

/** How one call is made. */
export interface CallOptions extends SignOptions {
  /** Ends the call, in whatever it is doing; the promise rejects with the signal's reason. */
  signal?: AbortSignalLike;
  /** One attempt, in ms. */
  timeoutMs?: number;
  /** The whole call, in ms. */
  deadlineMs?: number;
  maxAttempts?: number;
  /** Says that repeating this call is harmless, so that it is retried when a reply is lost. */
  idempotent?: boolean;
}

/** How a list is walked. */
export interface PageOptions extends CallOptions {
  /** Stops after so many items. */
  maxItems?: number;
}

/** How far a wait is. */
export interface WaitProgress {
  done: number;
  total: number;
  /** The jobs as last seen, in a wait for jobs. */
  jobs?: Job[];
}

/** How long and how often to look. */
export interface WaitOptions {
  /** 600 000. */
  waitLimitMs?: number;
  /** The first pause: 1000. Pauses grow from here. */
  minIntervalMs?: number;
  /** 10 000. */
  maxIntervalMs?: number;
  /** Ends the wait; the promise rejects with the signal's reason. */
  signal?: AbortSignalLike;
  zone?: string;
  onProgress?: (progress: WaitProgress) => void;
}

/** The items of a list action; each iteration walks the list anew. */
export interface Pages<I, O> extends AsyncIterable<I> {
  /** The answers, page by page. */
  pages(): AsyncIterable<O>;
}

interface EventOfCall {
  action: string;
  zone?: string;
  requestId: string;
  /** From 1. */
  attempt: number;
  /** In ms since 1970. */
  at: number;
}

/** A request is about to be sent. */
export interface RequestEvent extends EventOfCall {
  type: "request";
  method: "GET" | "POST";
  host: string;
  /** The URL would have been too long, so it goes as a POST, which no page documents for this action. */
  undocumentedPost: boolean;
}

/** A reply came, or none will: then there is no `status`. */
export interface ResponseEvent extends EventOfCall {
  type: "response";
  status?: number;
  retCode?: number;
  durationMs: number;
}

/** The call will be tried again. */
export interface RetryEvent extends EventOfCall {
  type: "retry";
  afterMs: number;
}

/** The endpoint's clock is this far ahead of ours; calls are signed by it from here on. */
export interface ClockEvent {
  type: "clock";
  offsetMs: number;
  at: number;
}

/** `callsPerHour` is used up: the call waits for its turn. */
export interface QuotaEvent {
  type: "quota";
  action: string;
  limit: number;
  waitMs: number;
  at: number;
}

/** An answer differs from the catalogue. Nothing is thrown for that. */
export interface DriftEvent {
  type: "drift";
  action: string;
  /** One sentence for each field that is new or of another type. */
  differences: string[];
  at: number;
}

/** A wait has looked. */
export interface WaitEvent {
  type: "wait";
  zone?: string;
  done: number;
  total: number;
  at: number;
}

/** What a client tells its `onEvent`. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | ClockEvent | QuotaEvent | DriftEvent | WaitEvent;

/** How many calls went out in the last hour. */
export interface Quota {
  used: number;
  /** `callsPerHour`; `Infinity` where it is not set, and then nothing is counted. */
  limit: number;
  /** When the oldest of them is an hour old. */
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

  /** A signed request: `{ method, url, headers, body? }`. Throws where no key is at hand. */
  sign<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): SignedRequest;

  /** A signed request, from any source of signatures. */
  signAsync<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): Promise<SignedRequest>;

  /** Every step of a signature, to compare with another implementation. */
  explain<A extends Action>(action: A, ...args: Arguments<A, SignOptions>): Explanation;

  /**
   * Makes a call and gives its answer as it came. Resolves only when `ret_code` is 0.
   *
   * @example
   * const { instances, job_id } = await client.call("RunInstances", {
   *   image_id: "jammyx64", instance_type: "small_b", login_mode: "keypair", login_keypair: "kp-abcd1234",
   * });
   */
  call<A extends Action>(action: A, ...args: Arguments<A, CallOptions>): Promise<Output<A>>;

  /**
   * Lists everything, page after page. Leaving the loop early sends no further request.
   *
   * @example
   * for await (const volume of client.paginate("DescribeVolumes", { status: ["available"] })) {
   *   console.log(volume.volume_id, volume.size);
   * }
   */
  paginate<A extends Action>(action: A, ...args: Arguments<A, PageOptions>): Pages<Item<A>, Output<A>>;

  /** Waits until every job was successful; a job that failed rejects with kind `job`. */
  waitForJobs(jobIds: string | readonly string[], options?: WaitOptions | null): Promise<Job[]>;

  /**
   * Waits until everything asked for is listed, has a wanted `status`, and nothing is under way.
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
   * @example
   * await client.callAndWait("StopInstances", { instances: ["i-abcd1234"] });
   */
  callAndWait<A extends Action>(action: A, ...args: Arguments<A, CallOptions & WaitOptions>): Promise<Output<A>>;

  /** How many calls went out in the last hour. */
  readonly quota: Quota;

  /** Ends pending calls with an error and wipes the secret. Later use throws. */
  free(): void;
  [Symbol.dispose](): void;
}

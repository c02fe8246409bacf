/// <reference lib="esnext.disposable" />

/**
 * QingCloud without a network, for tests; and the doctor, which names the mistake behind a refused signature.
 *
 * @module qingcloud-wasm/emulator
 */

export { isQingCloudError, QingCloudError } from "./error.js";

// The platform's own type, whichever library declares it.
type Fetch = typeof globalThis extends { fetch: infer F } ? F : (input: any, init?: any) => Promise<any>;

/** An access key that the emulator knows. */
export interface EmulatorAccessKey {
  /** Its id. */
  accessKeyId: string;
  /** Its secret, which signatures are checked with. */
  secretAccessKey: string;
  /** The user the key belongs to; without it, the owner of the account, who may do everything. */
  userId?: string;
  /** `AddProjectMember` finds the user of a key by this address. */
  email?: string;
  /** Makes this a key of IAM: its requests go to `/iam/` and carry this `token`. */
  token?: string;
}

/** What goes wrong. Parts can be combined, such as a delay and a `retCode`. */
export interface Fault {
  /** Answer with this `ret_code`. */
  retCode?: number;
  /** The message that goes with it. */
  message?: string;
  /** Answer with this HTTP status, from 200 to 599. */
  httpStatus?: number;
  /** Headers to add, such as `retry-after`. */
  headers?: { [name: string]: string };
  /** The body that goes with `httpStatus`; empty unless given. */
  body?: string;
  /** Answer so many milliseconds later, on the real clock. */
  delayMs?: number;
  /** Never answer. */
  hang?: boolean;
  /** Carry the call out, then break the connection without an answer. */
  lost?: boolean;
  /** Send half of the body, then break the connection. */
  cut?: boolean;
  /** Answer with a page of HTML. */
  html?: boolean;
  /** The service's clock is so many milliseconds ahead (or, negative, behind) for this call. */
  skewMs?: number;
  /** Answer as if the hourly quota were used up. */
  quota?: boolean;
  /** What the job of this call ends in. */
  job?: "failed" | "done with failure" | "successful";
  /**
   * Whether the call is carried out all the same. Unless given: yes for `lost`, `cut`, `delayMs`, `skewMs` and
   * `job`, no for a fault that turns the call away (`retCode`, `httpStatus`, `html`, `hang`, `quota`).
   */
  carriedOut?: boolean;
}

/** A rule: the calls it is about, and what befalls them. The first rule that fits and strikes counts. */
export interface FaultRule {
  /** Only this action; any unless given. */
  action?: string;
  /** Only this zone; any unless given. */
  zone?: string;
  /** How often at most; without end unless given. */
  times?: number;
  /** How likely, from 0 to 1; always unless given. Chance comes from `seed`. */
  probability?: number;
  /** What befalls them; a word is short for the part of that name. */
  fault: Fault | "hang" | "lost" | "cut" | "html" | "quota";
}

/**
 * How an emulator is set up. From `strictQuery` on, each option is a switch for something that cannot be known
 * without an account; the default is the stricter or the documented way.
 */
export interface EmulatorOptions {
  /** The keys it knows, one at least. Unless given, one that is made from `seed`: `accessKeyId`, `secretAccessKey`. */
  accessKeys?: EmulatorAccessKey[];
  /** The zones there are, one at least; every zone of the catalogue unless given. */
  zones?: string[];
  /** The clock, in milliseconds since 1970; `Date.now` unless given. */
  now?: () => number;
  /** The same seed gives the same keys, ids and chances. A whole number; 1 unless given. */
  seed?: number;
  /** How long a job takes on the emulated clock, in milliseconds; 1000 unless given. */
  jobDurationMs?: number;
  /** What goes wrong, and when. */
  faults?: FaultRule[];
  /** How many calls a key may make in an hour of the clock; no limit unless given. The service's own is 2000. */
  quotaPerHour?: number;
  /**
   * How many resources of a type a zone may hold, such as `{ instance: 2 }`; 20,000 of each unless given. The types are
   * `eip`, `image`, `instance`, `keypair`, `project`, `router`, `security_group`, `snapshot`, `tag`, `volume`, `vxnet`.
   */
  quotas?: { [resourceType: string]: number };
  /** How many of the last requests `requests` keeps; 1000 unless given. */
  requestLog?: number;

  /**
   * Whether a GET must be sent in the very form that is signed: sorted, encoded by RFC 3986 (`true`). Otherwise
   * it is enough that its decoded parameters sign to the signature, which is how a POST is always taken.
   */
  strictQuery?: boolean;
  /** How far `time_stamp` may be from now, in seconds (60; one page says 30). */
  timeWindowSeconds?: number;
  /** Whether `version` must be sent (`false`: the official Go SDK does without). */
  requireVersion?: boolean;
  /** Whether `zone` must be sent where the catalogue has it (`true`); otherwise the first zone is taken. */
  requireZone?: boolean;
  /** Which parameters must be sent: those that a page or two sources call required (`"documented"`), or that any source does. */
  require?: "documented" | "all";
  /** Whether values outside the documented ones are refused (`false`). */
  strictEnums?: boolean;
  /** Whether a list must come in the encoding that is documented for it, indexed or JSON text (`true`). */
  strictLists?: boolean;
  /** What a role's rule of policy `action` does with the actions it lists (`"forbid"`); the page only calls them "controlled". */
  actionRules?: "forbid" | "allow";
  /** What becomes of a `limit` above 100 (`"clamp"`). */
  overLimit?: "clamp" | "refuse";
  /** What a list says of ids that do not exist: nothing (`"empty"`), or 2100 (`"refuse"`). */
  unknownIds?: "empty" | "refuse";
  /** Whether lists begin with the newest item when neither `sort_key` nor `reverse` is given (`true`). */
  newestFirst?: boolean;
  /** Whether lists without a `status` filter show what was deleted or has ceased (`true`). */
  listGone?: boolean;
}

/** A request that came, its secrets masked. */
export interface EmulatorRequest {
  /** When, on the emulated clock: `2013-08-27T14:30:10Z`. */
  time: string;
  /** The method it came with. */
  method: string;
  /** Its path, such as `/iaas/`. */
  path: string;
  /** Empty where there was none. */
  action: string;
  /** Empty where there was none. */
  zone: string;
  /** The `req_id`; empty where there was none. */
  requestId: string;
  /** The HTTP status of the answer. */
  httpStatus: number;
  /** Null where none was answered. */
  retCode: number | null;
  /** Every parameter as text, with `***` for secrets and the signature. */
  parameters: { [name: string]: string };
}

/**
 * QingCloud on your desk: it checks what the service checks, keeps what is made, and says why it refuses.
 *
 * Each answer has a header `x-qingcloud-emulator`: `state` for what comes from the emulated account, `stateless` for
 * actions that are only answered in their documented shape, `refused` for a `ret_code` other than 0.
 *
 * @example
 * const emulator = new Emulator();
 * const { accessKeyId, secretAccessKey, fetch } = emulator;
 * const client = new QingCloudClient({ accessKeyId, secretAccessKey, zone: "pek3a", fetch });
 * await client.call("DescribeInstances");
 */
export declare class Emulator {
  /** Throws kind `options` where something is unknown or out of bounds. */
  constructor(options?: EmulatorOptions);
  /** Stands in for the global `fetch`, without a network. Bound, so it can be passed on by itself. */
  readonly fetch: Fetch;
  /** The id of the first access key. */
  readonly accessKeyId: string;
  /** The secret of the first access key. */
  readonly secretAccessKey: string;
  /** The last requests, oldest first. */
  readonly requests: EmulatorRequest[];
  /** Moves the emulated clock: jobs whose time has come end. */
  advance(milliseconds: number): void;
  /** Everything that has happened, as JSON text; access keys are not in it. The same history gives the same text. */
  snapshot(): string;
  /** Takes up a snapshot, as text or parsed; anything else throws kind `options` and changes nothing. */
  restore(snapshot: unknown): void;
  /** Back to the beginning: nothing exists, nothing is logged, the same ids will come again. */
  reset(): void;
  /** Gives its memory back; later use throws. */
  free(): void;
  /** The same as `free`, for `using`. */
  [Symbol.dispose](): void;
}

/** What a diagnosis starts from: a request or the text that was signed, and the secret. */
export type Evidence = (
  | {
      /** The request's URL, as it was sent. */
      url: string;
      /** Not both. */
      stringToSign?: undefined;
    }
  | {
      /** The text that was signed. */
      stringToSign: string;
      /** Not both. */
      url?: undefined;
    }
) & {
  /** The method it was sent with; POST where there is a body, else GET. These two in any case, as `fetch` takes them. */
  method?: string;
  /** The body of a POST, as it was sent. */
  body?: string | Uint8Array;
  /** The secret that it should have been signed with. */
  secretAccessKey: string | Uint8Array;
  /** The signature, where it does not stand in the request. */
  signature?: string;
  /** When it was sent, in milliseconds since 1970; now unless given. */
  now?: number | Date | (() => number);
};

/** A mistake that was found. */
export interface SignatureMistake {
  /** Such as `plus-for-space`, `sorted-as-joined-text`, `secret-with-blanks`, `stale-time-stamp`. */
  code: string;
  /** What it is about, such as a parameter's name or the characters; never a value. */
  detail?: string;
  /** Whether the signature at hand is the one that this mistake gives; otherwise it was seen in the request itself. */
  reproduced: boolean;
  /** What is wrong and what to change, in English. */
  en: string;
  /** The same in Chinese. */
  zh: string;
}

/** What is wrong with a request. It holds no secret and no signature. */
export interface Diagnosis {
  /** Whether the service would take the request, as far as signature and time go. */
  right: boolean;
  /** The mistakes, the one that explains the signature first. Empty and not right: nothing known explains it. */
  mistakes: SignatureMistake[];
  /** What has to be signed; secret values masked. */
  stringToSign: string;
  /** What was signed or, where that is not known, sent; secret values masked. Not there for a POST of which it is not known. */
  signed?: string;
  /** Where the two first differ: byte, and the characters from there on. */
  difference?: {
    /** The byte, from 0. */
    at: number;
    /** What has to be signed from there on, 20 characters of it. */
    expected: string;
    /** What was signed from there on, 20 characters of it. */
    found: string;
  };
}

/**
 * Names the mistake behind a signature that does not fit, such as ret_code 1200.
 *
 * It takes the request as it was sent: give the text itself, since a URL object would have repaired the evidence.
 *
 * @example
 * const { mistakes } = diagnose({ url, secretAccessKey });
 * for (const { code, en } of mistakes) console.log(`${code}: ${en}`);
 */
export declare function diagnose(evidence: Evidence): Diagnosis;

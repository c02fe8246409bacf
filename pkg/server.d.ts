/**
 * The server's half of `remote`: pages make calls without a key.
 *
 * @module qingcloud-wasm/server
 */

import type { Action, QingCloudClient } from "./index.js";

export { isQingCloudError, QingCloudError } from "./error.js";

// The platform's own types, whichever library declares them.
type Request = typeof globalThis extends { Request: { prototype: infer R } } ? R : any;
type Response = typeof globalThis extends { Response: { prototype: infer R } } ? R : any;

/** Who calls, as `authorize` said. */
export type Caller =
  | true
  | string
  | {
      /** What the rate is limited by, as a string is by itself. */
      id?: string | number;
      /** Whatever functions among the bounds need to know. */
      [name: string]: any;
    };

/** A value of a parameter, as it came in JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/**
 * What a parameter may be. Whatever is not said is refused: lists need `maxItems`, objects a function.
 *
 * - `true`: a string of at most 1024 characters, a finite number or a boolean;
 * - an object: the same, narrowed; with `maxItems` also a list of such values;
 * - a function, for everything else: it gets the value and the caller, and only `true` allows.
 */
export type Bound =
  | true
  | {
      /** Just these. */
      values?: (string | number | boolean)[];
      /** Strings that match this as a whole. */
      pattern?: RegExp;
      /** Of a string, in UTF-16 units; 1024 unless given. */
      maxLength?: number;
      /** Numbers from here on. */
      min?: number;
      /** Numbers up to here. */
      max?: number;
      /** Lists of at most so many. */
      maxItems?: number;
    }
  | ((value: JsonValue, caller: Caller) => boolean);

/** How an action may be called: `true` is without any parameter, in the zone of the handler's client. */
export type Rule =
  | true
  | {
      /** Zones that a request may name. Without a name a call goes to the zone of the handler's client. */
      zones?: string[];
      /** Parameters that a request may have, each within its bound. */
      params?: { [parameter: string]: Bound };
    };

/** Action name to how it may be called; what is not in it is refused. */
export type Rules = { [A in Action]?: Rule };

/** How a handler is set up. */
export interface HandlerOptions {
  /** A client that holds the key; its `readOnly`, `callsPerHour` and `maxConcurrency` hold as well. */
  client: Pick<QingCloudClient, "call" | "signAsync">;
  /** The actions that may be called; all others are refused. */
  allow: Rules;
  /**
   * Decides who may call, by headers and address; it must leave the body alone. `true`, a non-empty string or an object
   * says yes; everything else, a thrown error and a `Response` (of any library) say no.
   */
  authorize: (request: Request) => Caller | false | null | undefined | Promise<Caller | false | null | undefined>;
  /** `proxy`, unless given: makes the call and gives the answer. `sign`: gives a signed request, which the page sends. */
  mode?: "proxy" | "sign";
  /**
   * Origins of pages that may call. Unless given, the request's own: name yours where a proxy in front changes scheme or
   * host, and where `authorize` goes by network address alone. Requests that are from no page carry no origin.
   */
  origins?: string[];
  /** For each caller that `authorize` names (all others together); 60 unless given. Held in memory, by this handler. */
  callsPerMinute?: number;
  /** How long a request's body may be; 65 536 unless given. */
  maxBodyBytes?: number;
  /** A signature lapses after this at the latest; 60 unless given. */
  maxExpiresInSeconds?: number;
}

/**
 * The other half of `remote`: a standard `Request` to `Response` handler that holds the key for pages, which must not.
 * Works wherever there are `Request` and `Response`: Node.js, Deno, Bun, Cloudflare Workers.
 *
 * It refuses by default. Served is a POST of JSON with nothing but `action`, `params`, `zone`, `method`, `requestId` and
 * `expiresInSeconds`, from an allowed origin, by a caller that `authorize` lets in, of an allowed action with allowed
 * parameters. Key, time stamp, version and lifetime are the handler's own; there is no way to have a string signed.
 *
 * The reply is `{ answer }`, `{ signed }`, or `{ error }` with the fields of a `QingCloudError`, which the client throws
 * as its own. What the service says against a call comes with status 200, what the handler says with 4xx.
 *
 * In mode `sign` a page sees the access key id, and a temporary key's token, in what was signed for it; in mode `proxy` it
 * sees what the service answers, and some of its refusals name the id.
 *
 * @example
 * const handle = createHandler({
 *   client: new QingCloudClient(fromEnv()),
 *   allow: {
 *     DescribeInstances: {
 *       zones: ["pek3"],
 *       params: { status: { values: ["running", "stopped"], maxItems: 2 }, offset: { min: 0 }, limit: { min: 1, max: 100 } },
 *     },
 *   },
 *   authorize: async (request) => (await sessionOf(request))?.userId,
 * });
 * export default { fetch: handle };
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response>;

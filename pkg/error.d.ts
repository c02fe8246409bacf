/**
 * What kind of thing went wrong.
 *
 * | kind | when |
 * | --- | --- |
 * | `options`, `credentials` | the client was set up wrongly, or no key could be had |
 * | `parameters` | the call could never be valid |
 * | `network`, `timeout` | no reply, or none in time |
 * | `http`, `response` | a reply that is no answer |
 * | `api` | an answer whose `ret_code` is not 0 |
 * | `job` | a job or resource that was waited for went wrong |
 */
export type ErrorKind = "options" | "parameters" | "credentials" | "network" | "timeout" | "http" | "response" | "api" | "job";

/** What a `ret_code` of 1400 or 2500 stands for, where the service's message tells. */
export type Reason =
  | "not-permitted"
  | "wrong-state"
  | "not-ready"
  | "in-use"
  | "api-quota"
  | "resource-quota"
  | "insufficient-balance"
  | "insufficient-capacity"
  | (string & {});

/** Whether the service carried the action out. `unknown`: look with `readBack` after `safeAfter`. */
export type Outcome = "not-executed" | "executed" | "unknown";

/** Something in the parameters that differs from the catalogue. */
export interface Violation {
  /** Where: `count`, `rules[0].priority`. */
  path: string;
  /** What the catalogue says. */
  expected: string;
  /** What came; never the value of a secret. */
  got: string;
  /** The name that may have been meant. */
  suggestion?: string;
}

/** A read that shows whether a lost call was carried out. */
export interface ReadBack {
  /** The action to call. */
  action: string;
  /** What to call it with. */
  params: { [parameter: string]: string | string[] };
}

/**
 * The only error of this package. Its message is one English sentence and never holds a URL, a
 * signature, a secret or a token.
 *
 * An abort is no such error: the promise rejects with the signal's own reason.
 *
 * @example
 * try {
 *   await client.call("StopInstances", { instances: ["i-abcd1234"] });
 * } catch (error) {
 *   if (!isQingCloudError(error)) throw error;
 *   if (error.kind === "api" && error.reason === "wrong-state") console.log("It was stopped already.");
 *   else if (error.outcome === "unknown") console.log("Nobody knows. Look at", error.safeAfter, "with", error.readBack);
 *   else throw error;
 * }
 */
export declare class QingCloudError extends Error {
  private constructor();
  /** Always the same. */
  readonly name: "QingCloudError";
  /** What kind of thing went wrong. */
  readonly kind: ErrorKind;
  /** The action of the call; undefined where there was none. */
  readonly action: string | undefined;
  /** The zone of the call. */
  readonly zone: string | undefined;
  /** The service's own code, under `api`. */
  readonly retCode?: number;
  /** What a code with several meanings stands for. */
  readonly reason?: Reason;
  /** The HTTP status of the last reply. */
  readonly httpStatus?: number;
  /** The `req_id` that all attempts carried: quote it to the service's support. */
  readonly requestId?: string;
  /** How many requests were sent. */
  readonly attempts: number;
  /** Whether the same call may succeed later, without risk of doing it twice. */
  readonly retryable: boolean;
  /** Whether the service carried the action out. */
  readonly outcome: Outcome;
  /**
   * When the last signature lapses: after that a lost request can no longer be carried out. Absent where a `remote` makes
   * the call and its reply was lost: only that server knows.
   */
  readonly safeAfter?: Date;
  /** Where to look whether a lost call was carried out; in another `zone` than the client's where `params` name it. */
  readonly readBack?: ReadBack;
  /** Everything wrong with the parameters, under `parameters`. */
  readonly violations?: Violation[];
  /** The service's answer, untouched; after `callAndWait`'s call was accepted, the answer to that, or the job that failed. */
  readonly response?: unknown;
  /** What was thrown beneath. */
  readonly cause?: unknown;
  /** How often a wait has looked. */
  readonly polls?: number;
  /** The last status that a wait has seen. */
  readonly lastStatus?: string;
}

/** Whether `value` is an error of this package; it works across two copies of it, where `instanceof` does not. */
export declare function isQingCloudError(value: unknown): value is QingCloudError;

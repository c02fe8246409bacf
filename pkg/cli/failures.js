// What a failure says, in one line, and the status that the command ends with.

import { isQingCloudError } from "../error.js";
import { printable } from "./terminal.js";

/** The statuses that the command ends with. */
export const OK = 0;
export const API_ERROR = 1;
export const USAGE = 2;
export const NETWORK = 3;
/** What shells give for a command that was interrupted. */
export const INTERRUPTED = 130;
/** A mistake of ours. */
export const INTERNAL = 70;

/** The command was called wrongly. */
export class Usage extends Error {}

/** Ctrl+C, or what a supervisor sends instead. */
export class Interrupted extends Error {}

const STATUS = { api: API_ERROR, job: API_ERROR, network: NETWORK, timeout: NETWORK, http: NETWORK, response: NETWORK };

export function statusOf(error) {
  if (error instanceof Interrupted) return INTERRUPTED;
  if (error instanceof Usage) return USAGE;
  return isQingCloudError(error) ? (STATUS[error.kind] ?? USAGE) : INTERNAL;
}

export function lineOf(error) {
  if (error instanceof Usage || error instanceof Interrupted) return printable(error.message);
  if (!isQingCloudError(error)) return `internal error: ${printable(error?.message ?? error)}; please report it`;
  const message = messageOf(error);
  const code = error.cause?.cause?.code ?? error.cause?.code;
  const parts = [message + (typeof code === "string" && !message.includes(code) ? ` (${code})` : "")];
  if (error.outcome === "unknown") parts.push(whereToLook(error));
  if (error.outcome === "executed" && error.kind !== "job" && error.response) parts.push(accepted(error.response));
  return printable(parts.join("; "));
}

/** The message; of wrong parameters all, since nobody at a terminal can look into `violations`. */
function messageOf({ message, action, violations = [] }) {
  if (message.includes("allowInsecureHttp")) return `${message}; here --allow-insecure-http`;
  if (message.endsWith(" has no pages; use call")) return message.replace("use call", "leave --all away");
  if (violations.length < 2) return message;
  const sentences = violations.map(({ path, expected, got, suggestion }) => `"${path}" must be ${expected}, got ${got}${suggestion ? `; did you mean "${suggestion}"?` : ""}`);
  return `${action}: ${sentences.join("; ")}`;
}

/** What the service answered before a wait for it ended: the ids of jobs, and of what was made. */
function accepted({ action: _, ret_code: __, ...answer }) {
  return `the call itself was accepted: ${JSON.stringify(answer)}`;
}

/** After which moment, and with what, a lost call can be looked for. */
function whereToLook({ readBack, requestId, safeAfter }) {
  const how = readBack ? `look with ${readBack.action}` : "look before you repeat it";
  const when = safeAfter ? ` after ${safeAfter.toISOString()}` : "";
  return `${how}${when}${requestId ? ` (req_id ${requestId})` : ""}`;
}

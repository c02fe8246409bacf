// Sending, what came back, and what was sent before.

import { effect, signal, untracked } from "@preact/signals";
import { t } from "../i18n/index.js";
import { readHistory, remember } from "../model/history.js";
import { announce } from "./announcement.js";
import { actionNamed, catalogue } from "./catalogue.js";
import { emulatorForKey } from "./emulator.js";
import { action, params } from "./form.js";
import { keep, recall } from "./kept.js";
import { loadClient } from "./library.js";
import { isFormShown, outputTab } from "./output.js";
import { fixedTime, remoteMode, remoteUrl, target, zone } from "./settings.js";
import { address, keyOptions, signing, signOptions } from "./signing.js";

/** The call on show: `{ id, at, action, params, zone, target, status: "running" | "done", durationMs, answer | error, events }`. */
export const call = signal();

/** Newest first, without answers. */
export const history = signal(readHistory(recall().history ?? "[]"));

/** Answers of this visit, by the id of their call. */
const answers = new Map();

let abort;
let lastId = Date.now();

/** Starts keeping the history. */
export function keepHistory() {
  effect(() => keep({ history: JSON.stringify(history.value) }));
}

/** Sends what the form says to where the page is set to send. */
export async function send() {
  // Without the catalogue there is no form yet: what nobody has seen is not sent.
  if (!catalogue.value || !action.value || !params.value.params) return;
  cancel();
  const controller = new AbortController();
  abort = controller;
  const started = { id: ++lastId, at: Date.now(), action: action.value.name, params: params.value.params, zone: zone.value.trim(), target: target.value, status: "running", events: [] };
  call.value = started;
  outputTab.value = "answer";
  isFormShown.value = false;
  const since = performance.now();
  const outcome = await attempt(started, controller.signal);
  const done = { ...started, ...outcome, status: "done", durationMs: performance.now() - since };
  answers.set(done.id, done);
  history.value = remember(history.value, { ...done, retCode: done.answer?.ret_code ?? done.error?.retCode, kind: done.error?.kind }, actionNamed(done.action));
  // A later call may be on show by now.
  if (call.value.id !== done.id) return;
  call.value = done;
  // An error is an alert and speaks for itself.
  if (done.answer) announce(`${done.action}: ${t("ok")}`);
}

/** Ends the call that is on its way. */
export function cancel() {
  abort?.abort();
  abort = undefined;
}

/** Shows a call of the history again. */
export function show(entry) {
  call.value = answers.get(entry.id) ?? { ...entry, status: "forgotten", events: [] };
}

export function clearHistory() {
  history.value = [];
  answers.clear();
  call.value = untracked(() => (call.value?.status === "running" ? call.value : undefined));
}

async function attempt({ action, params, events }, signal) {
  let client;
  let forbiddenOrigin;
  const forbid = ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective === "connect-src") forbiddenOrigin = new URL(blockedURI).origin;
  };
  document.addEventListener("securitypolicyviolation", forbid);
  try {
    const [QingCloudClient, options] = await Promise.all([loadClient(), destination()]);
    client = new QingCloudClient({ ...options, onEvent: (event) => events.push(event) });
    return { answer: await client.call(action, params, { ...signOptions(), signal }) };
  } catch (error) {
    // The event of a blocked request comes a moment after its error.
    await new Promise((resolve) => setTimeout(resolve));
    return { error: signal.aborted ? { kind: "aborted" } : facts(error, forbiddenOrigin) };
  } finally {
    document.removeEventListener("securitypolicyviolation", forbid);
    client?.free();
  }
}

/** Client options that make calls end up where the page is set to send. */
export async function destination() {
  if (target.value === "remote") {
    // What is no address, the client refuses in its own words.
    const url = URL.canParse(remoteUrl.value, location.href) ? new URL(remoteUrl.value, location.href).href : remoteUrl.value;
    return { remote: { url, mode: remoteMode.value }, ...(zone.value.trim() && { zone: zone.value.trim() }), allowInsecureHttp: true };
  }
  const now = () => fixedTime() ?? Date.now();
  const fetch = target.value === "emulator" ? (await emulatorForKey()).fetch : globalThis.fetch.bind(globalThis);
  return { ...keyOptions(), ...signing(), endpoint: address.value, allowInsecureHttp: true, fetch, now };
}

/** The fields of an error, copied: the page keeps them longer than the error. */
function facts(error, forbiddenOrigin) {
  // What the page's own policy held back was never sent, whatever the client has to fear.
  if (forbiddenOrigin) return { kind: error.kind ?? "page", outcome: "not-executed", forbiddenOrigin };
  const { kind, message, retCode, reason, httpStatus, requestId, attempts, retryable, outcome, safeAfter, readBack, violations, response } = error;
  return { kind: kind ?? "page", message, retCode, reason, httpStatus, requestId, attempts, retryable, outcome, safeAfter, readBack, violations, response };
}

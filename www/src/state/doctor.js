// What stands in the doctor's form, and the finding.

import { batch, effect, signal } from "@preact/signals";
import { readRequest } from "../model/curl.js";
import { readTime } from "../model/time.js";
import { AHEAD_MS, failing } from "../model/mistakes.js";
import { loadEmulator } from "./emulator.js";
import { Signer } from "./library.js";
import { SAMPLE_KEY } from "./settings.js";

export const pasted = signal("");
export const secret = signal("");
/** When it was sent; "" is its own time stamp. */
export const sentAt = signal("");

/** `{ diagnosis }`, `{ problem }` naming a message, `{ failure }` in words, `{ isRunning }`, or undefined. */
export const finding = signal();

const SAMPLE_PARAMS = { image_id: "centos64x86a", instance_name: "web server 1", instance_type: "c1m1", login_mode: "keypair", login_keypair: "kp-1234abcd", vxnets: ["vxnet-0"] };

/** The time that an example came with: it is not that of what is pasted next. */
let exampleTime;

/** Takes what is typed or pasted for the failing request. */
export function paste(text) {
  batch(() => {
    pasted.value = text;
    if (sentAt.value === exampleTime) sentAt.value = "";
  });
}

/** Takes an old finding away when what it was about is edited. */
export function forgetFindings() {
  effect(() => {
    void [pasted.value, secret.value, sentAt.value];
    finding.value = undefined;
  });
}

/** Examines what was pasted. */
export async function examine() {
  const request = readRequest(pasted.value);
  const given = readTime(sentAt.value);
  const problem = request.problem ?? (secret.value === "" ? "secretEmpty" : sentAt.value.trim() !== "" && given === undefined ? "sentAtWrong" : undefined);
  if (problem) {
    finding.value = { problem };
    return;
  }
  const running = { isRunning: true };
  finding.value = running;
  try {
    const { diagnose } = await loadEmulator();
    const now = given ?? ownTime(request);
    const diagnosis = diagnose({ ...request, secretAccessKey: secret.value, ...(now !== undefined && { now }) });
    if (finding.value === running) finding.value = { diagnosis, request };
  } catch (error) {
    if (finding.value === running) finding.value = { failure: error.message };
  }
}

/** Fills the form with a request that holds the mistake called `id`, and examines it. */
export async function openExample(id) {
  const ahead = AHEAD_MS[id] ?? 0;
  const signer = new Signer.value({ ...SAMPLE_KEY, zone: "pek3a", now: () => Date.now() + ahead });
  const steps = signer.explain("RunInstances", SAMPLE_PARAMS);
  signer.free();
  const text = await failing(id, steps, SAMPLE_KEY.secretAccessKey, hmac);
  batch(() => {
    pasted.value = text;
    secret.value = SAMPLE_KEY.secretAccessKey;
    // A clock that is wrong shows only beside one that is right.
    exampleTime = ahead ? `${new Date().toISOString().slice(0, 19)}Z` : "";
    sentAt.value = exampleTime;
  });
  await examine();
}

/** Whether the browser lets this page compute what the examples need. */
export const hasExamples = globalThis.isSecureContext === true;

function ownTime({ url, body = "" }) {
  const [, text] = /[?&]time_stamp=([^&]*)/.exec(`${url}&${body}`) ?? [];
  try {
    return Date.parse(decodeURIComponent(text ?? "")) || undefined;
  } catch {
    return undefined;
  }
}

async function hmac(hash, key, text) {
  const encoder = new TextEncoder();
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash }, false, ["sign"]);
  const bytes = await crypto.subtle.sign("HMAC", imported, encoder.encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

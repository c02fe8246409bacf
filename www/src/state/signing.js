// The signature of what the form says, kept up to date.

import { computed, effect, signal } from "@preact/signals";
import { requestOf } from "../model/snippets/index.js";
import { action, params } from "./form.js";
import { Signer } from "./library.js";
import { accessKeyId, DEFAULT_ENDPOINT, endpoint, fixedTime, localUrl, method, secretAccessKey, signatureMethod, target, time, token, validSeconds, zone } from "./settings.js";

const REFRESH_MS = 10_000;

/** When the request on show was signed, in ms. */
const signedAt = signal(Date.now());

/** Where the request goes: the endpoint, or an emulator's address when it is sent to one. */
export const address = computed(() => (target.value === "local" ? localUrl.value : endpoint.value).trim() || DEFAULT_ENDPOINT);

/** The signer of what is on show. `{ signer }`, `{ problem }`, or neither while it loads. */
const current = computed(() => {
  if (!Signer.value) return {};
  try {
    return { signer: new Signer.value({ ...keyOptions(), ...signing(), endpoint: securely(address.value), now: () => fixedTime() ?? signedAt.peek() }) };
  } catch (error) {
    return { problem: error.message };
  }
});
effect(() => {
  const { signer } = current.value;
  return () => signer?.free();
});

/** `{ steps }` as `explain` gives them, `{ problem }` in words, or neither while there is nothing to sign. */
export const signature = computed(() => {
  const { signer, problem } = current.value;
  if (problem) return { problem };
  if (!signer || !action.value || !params.value.params) return {};
  // Read, so that a new time makes a new signature.
  void [signedAt.value, time.value];
  try {
    const steps = signer.explain(action.value.name, params.value.params, signOptions());
    // Puts back what `securely` took.
    return { steps: /^http:/i.test(address.value) ? { ...steps, url: steps.url.replace("https:", "http:") } : steps };
  } catch (error) {
    return { problem: error.message };
  }
});

/** What the snippets are written from. */
export const snippetRequest = computed(() =>
  action.value && params.value.params
    ? requestOf(action.value, {
        params: params.value.params,
        zone: zone.value.trim(),
        endpoint: address.value === DEFAULT_ENDPOINT ? "" : address.value,
        method: method.value,
        signatureMethod: signatureMethod.value,
        expiresInSeconds: validSeconds(),
      })
    : undefined,
);

/** Signs at the present time what is on show. */
export function signNow() {
  signedAt.value = Date.now();
}

/** Keeps the signature on show young, except under a selection or while nobody looks. */
export function keepSigned() {
  setInterval(() => {
    if (!document.hidden && (getSelection()?.isCollapsed ?? true)) signNow();
  }, REFRESH_MS);
}

/** The key of the page as client options. */
export function keyOptions() {
  const options = { accessKeyId: accessKeyId.value.trim(), secretAccessKey: secretAccessKey.value };
  return token.value.trim() ? { ...options, token: token.value.trim() } : options;
}

/** How the page signs, as client options. */
export function signing() {
  return { ...(signatureMethod.value && { signatureMethod: signatureMethod.value }), ...(zone.value.trim() && { zone: zone.value.trim() }) };
}

/** How this request is signed, as options of a call. */
export function signOptions() {
  return { ...(method.value && { method: method.value }), ...(validSeconds() && { expiresInSeconds: validSeconds() }) };
}

/** A private cloud may speak plain http. The scheme is no part of what is signed, but the signer refuses it. */
function securely(url) {
  return url.replace(/^http:/i, "https:");
}

// The signature of what the form says, kept up to date.

import { computed, effect, signal } from "@preact/signals";
import { requestOf } from "../model/snippets/index.js";
import { action, params } from "./form.js";
import { library } from "./library.js";
import { accessKeyId, DEFAULT_ENDPOINT, endpoint, expiresInSeconds, fixedTime, localUrl, method, secretAccessKey, signatureMethod, target, time, token, zone } from "./settings.js";

const REFRESH_MS = 10_000;

/** When the request on show was signed, in ms. */
const signedAt = signal(Date.now());

/** Where the request goes: the endpoint, or an emulator's address when it is sent to one. */
export const address = computed(() => (target.value === "local" ? localUrl.value : endpoint.value).trim() || DEFAULT_ENDPOINT);

/** The client that signs what is on show; it cannot send. `{ client }`, `{ problem }`, or neither while the library loads. */
const signer = computed(() => {
  if (!library.value) return {};
  try {
    return { client: new library.value.QingCloudClient({ ...keyOptions(), endpoint: address.value, ...signing(), validate: "off", fetch: unsent, now: () => fixedTime() ?? signedAt.peek() }) };
  } catch (error) {
    return { problem: error.message };
  }
});
effect(() => {
  const { client } = signer.value;
  return () => client?.free();
});

/** `{ steps }` as `explain` gives them, `{ problem }` in words, or neither while there is nothing to sign. */
export const signature = computed(() => {
  const { client, problem } = signer.value;
  if (problem) return { problem };
  if (!client || !action.value || !params.value.params) return {};
  // Read, so that a new time makes a new signature.
  void [signedAt.value, time.value];
  try {
    return { steps: client.explain(action.value.name, params.value.params, signOptions()) };
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
        expiresInSeconds: seconds(),
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
  return { ...(signatureMethod.value && { signatureMethod: signatureMethod.value }), ...(zone.value.trim() && { zone: zone.value.trim() }), allowInsecureHttp: true };
}

/** How this request is signed, as options of a call. */
export function signOptions() {
  return { ...(method.value && { method: method.value }), ...(seconds() && { expiresInSeconds: seconds() }) };
}

function seconds() {
  const given = Number(expiresInSeconds.value);
  return Number.isInteger(given) && given > 0 ? given : undefined;
}

function unsent() {
  return Promise.reject(new Error("this client only signs"));
}

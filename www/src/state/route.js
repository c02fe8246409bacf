// Which view and action the page shows; the part of the address behind "#" says it too.

import { batch, effect, untracked } from "@preact/signals";
import { withoutSecrets } from "../model/secrets.js";
import { hashOf, readHash } from "../model/share.js";
import { actionNamed, catalogue } from "./catalogue.js";
import { action, params, setParams } from "./form.js";
import { expiresInSeconds, method, signatureMethod, time, zone } from "./settings.js";
import { isFormShown } from "./output.js";
import { actionName, view } from "./view.js";

const REQUEST = { zone, method, signatureMethod, expiresInSeconds, time };

/** Where a link to `name` leads; with parameters it starts anew, without it shows what was typed there before. */
export function addressOf(name, { params, request } = {}) {
  return hashOf({ view: "explore", action: actionNamed(name), params, request });
}

/** Follows the address, and keeps it true to what the page shows. */
export function startRouting() {
  follow();
  addEventListener("hashchange", follow);
  let timer;
  effect(() => {
    // Which parameters are secret, the catalogue says.
    if (!catalogue.value) return;
    const hash = currentHash();
    // Not at every key: browsers refuse to be told too often.
    clearTimeout(timer);
    timer = setTimeout(() => hash !== location.hash && tell(hash), 200);
  });
}

/** The address of what the page shows now, without keys and secrets. */
export function shareLink() {
  return new URL(currentHash(), location.href).href;
}

function currentHash() {
  const action = actionName.value && catalogue.value ? actionNamed(actionName.value) : undefined;
  const request = Object.fromEntries(Object.entries(REQUEST).map(([name, { value }]) => [name, value]));
  return hashOf({ view: view.value, action, params: action ? params.value.params : undefined, request });
}

/** Whether the form says `given` already, apart from the secrets in it, which no address holds. */
function isInForm(given) {
  return catalogue.value !== undefined && JSON.stringify(withoutSecrets(action.value, params.value.params ?? {})) === JSON.stringify(given);
}

/** Another action or view is another place to come back to; a change of what is typed is not. */
function tell(hash) {
  const [{ view: from, action: left }, { view: to, action: entered }] = [readHash(location.hash), readHash(hash)];
  history[from === to && left === entered ? "replaceState" : "pushState"](null, "", hash);
}

function follow() {
  untracked(() => {
    // The address that the page gave itself says nothing new.
    if (catalogue.value && location.hash === currentHash()) return;
    batch(() => show(readHash(location.hash)));
  });
}

function show(said) {
  view.value = said.view;
  if (said.view !== "explore") return;
  if (said.action !== actionName.value) isFormShown.value = true;
  actionName.value = said.action;
  if (!said.action || !said.params) return;
  if (!isInForm(said.params)) setParams(said.action, said.params);
  for (const [name, setting] of Object.entries(REQUEST)) {
    // A link without a zone is for any; the one that is set stays.
    if (name !== "zone" || said.request.zone) setting.value = said.request[name];
  }
}

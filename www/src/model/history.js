// What was sent: a list, newest first, that holds no secret, so that it can be kept.

import { withoutSecrets } from "./secrets.js";

const KEPT = 50;

/** Puts a finished call in front. `call` as the state keeps it; of its answer only the outcome stays. */
export function remember(list, call, action) {
  const { id, at, action: name, params, zone, target, durationMs, retCode, kind } = call;
  const entry = { id, at, action: name, params: withoutSecrets(action, params), zone, target, durationMs, retCode, kind };
  return [entry, ...list].slice(0, KEPT);
}

/** A list that was kept as JSON text; whatever is not an entry is left out. */
export function readHistory(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isEntry).slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

function isEntry(entry) {
  return typeof entry === "object" && entry !== null && typeof entry.action === "string" && typeof entry.params === "object" && entry.params !== null && Number.isFinite(entry.at);
}

// What the page remembers between visits. Never a key, a secret or an answer.

const PLACE = "qingcloud-explorer";

/** The texts that were kept under these names; an empty object where storing is forbidden or broken. */
export function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE));
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** Keeps `values`, besides what is there already. */
export function keep(values) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...recall(), ...values }));
  } catch {
    // Without storage the page works all the same, and forgets.
  }
}

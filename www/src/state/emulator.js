// The emulator inside the page, loaded when it is first needed. It knows the key that the page holds.

import { signal } from "@preact/signals";
import { keyOptions } from "./signing.js";

/** How long its jobs take: long enough to watch one. */
export const JOB_DURATION_MS = 4000;

/** "absent", "loading", "ready" or "failed". */
export const emulatorStatus = signal("absent");

let current;
let loading;

/** The emulator; what it held survives a change of the key. */
export async function emulatorForKey() {
  const { Emulator } = await loadEmulator();
  const key = keyOptions();
  if (current && JSON.stringify(current.key) === JSON.stringify(key)) return current.emulator;
  const emulator = new Emulator({ accessKeys: [key], jobDurationMs: JOB_DURATION_MS });
  if (current) emulator.restore(current.emulator.snapshot());
  current = { key, emulator };
  return emulator;
}

/** Empties the emulated account. */
export function resetEmulator() {
  current?.emulator.reset();
}

/** The module `qingcloud-wasm/emulator`. */
export function loadEmulator() {
  if (!loading) {
    emulatorStatus.value = "loading";
    loading = import("qingcloud-wasm/emulator");
    loading.then(
      () => (emulatorStatus.value = "ready"),
      () => {
        emulatorStatus.value = "failed";
        // The next one to ask may have more luck.
        loading = undefined;
      },
    );
  }
  return loading;
}

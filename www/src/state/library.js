// The signing library, loaded once the page stands: the page itself is small, the module is not.

import { signal } from "@preact/signals";

/** What `qingcloud-wasm` exports; undefined while it loads. */
export const library = signal();
export const libraryProblem = signal();

export async function loadLibrary() {
  libraryProblem.value = undefined;
  try {
    library.value = await import("qingcloud-wasm");
  } catch (error) {
    libraryProblem.value = error.message;
  }
}

// The catalogue that the package carries: what is known of each action.

import { readFile } from "node:fs/promises";

/** The content of `qingcloud-wasm/catalogue.json`. */
export async function readCatalogue() {
  return JSON.parse(await readFile(new URL("../dist/catalogue.json", import.meta.url), "utf8"));
}

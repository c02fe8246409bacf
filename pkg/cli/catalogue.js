// The catalogue that the package carries: what is known of each action.

import { readFile } from "node:fs/promises";
import { isQingCloudError } from "../error.js";
import { suggestion } from "./nearest.js";

/** The content of `qingcloud-wasm/catalogue.json`. */
export async function readCatalogue() {
  return JSON.parse(await readFile(new URL("../dist/catalogue.json", import.meta.url), "utf8"));
}

/** What to add to the service's refusal of an action that does not exist. */
export async function actionHint(error) {
  if (!isQingCloudError(error) || error.kind !== "api" || error.action === undefined) return "";
  const { actions } = await readCatalogue();
  return Object.hasOwn(actions, error.action) ? "" : suggestion(error.action, Object.keys(actions));
}

// The catalogue, loaded once the page stands.

import { computed, signal } from "@preact/signals";
import address from "qingcloud-wasm/catalogue.json?url";
import { readCatalogue } from "../model/catalogue.js";
import { indexOf } from "../model/search.js";

/** undefined while it loads. */
export const catalogue = signal();
/** What went wrong with loading it. */
export const catalogueProblem = signal();

export const searchIndex = computed(() => (catalogue.value ? indexOf(catalogue.value) : []));

export async function loadCatalogue() {
  catalogueProblem.value = undefined;
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    catalogue.value = readCatalogue(await response.json());
  } catch (error) {
    catalogueProblem.value = error.message;
  }
}

/** The action of that name; one that the catalogue does not know has no parameters of its own. */
export function actionNamed(name) {
  return catalogue.value?.actions.get(name) ?? { name, service: undefined, class: undefined, method: "GET", parameters: [], zone: { required: "no" } };
}

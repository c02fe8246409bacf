// What stands in the search field.

import { signal } from "@preact/signals";

export const query = signal("");

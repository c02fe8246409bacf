// The catalogue that the tests of the explorer's own functions share.

import { readFile } from "node:fs/promises";
import { readCatalogue } from "../../www/src/model/catalogue.js";

export const catalogue = readCatalogue(JSON.parse(await readFile(new URL("../../pkg/dist/catalogue.json", import.meta.url), "utf8")));

export const actionNamed = (name) => catalogue.actions.get(name) ?? { name, parameters: [] };

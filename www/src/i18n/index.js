// The page's own words. English and Chinese hold the same keys; a test compares them.

import { language } from "../state/settings.js";
import { en } from "./en.js";
import { zh } from "./zh.js";

const MESSAGES = { en, zh };

/** The words for `key` in the page's language; a component that calls it follows the language. */
export function t(key, ...values) {
  const message = MESSAGES[language.value][key];
  return typeof message === "function" ? message(...values) : message;
}

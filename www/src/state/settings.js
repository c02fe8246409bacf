// How the page looks and how it signs and sends: one signal a setting.

import { effect, signal } from "@preact/signals";
import { readTime } from "../model/time.js";
import { keep, recall } from "./kept.js";

/** The key that the API guide signs its samples with. It opens nothing, except the emulator of this page. */
export const SAMPLE_KEY = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY" };

export const DEFAULT_ENDPOINT = "https://api.qingcloud.com/iaas/";

export const LANGUAGES = { en: "en", zh: "zh-CN" };
export const THEMES = ["system", "light", "dark"];
export const TARGETS = ["emulator", "local", "remote"];

const kept = recall();
const oneOf = (choices, value, otherwise) => (choices.includes(value) ? value : otherwise);
const text = (value, otherwise = "") => (typeof value === "string" ? value : otherwise);

export const language = signal(oneOf(Object.keys(LANGUAGES), kept.language, /^zh\b/i.test(navigator.language) ? "zh" : "en"));
export const theme = signal(oneOf(THEMES, kept.theme, "system"));

// A key lives as long as the page.
export const accessKeyId = signal(SAMPLE_KEY.accessKeyId);
export const secretAccessKey = signal(SAMPLE_KEY.secretAccessKey);
export const token = signal("");

export const zone = signal(text(kept.zone, "pek3a"));
export const endpoint = signal(text(kept.endpoint, DEFAULT_ENDPOINT));
/** "" is what the catalogue says. */
export const method = signal("");
/** "" is HmacSHA256. */
export const signatureMethod = signal("");
export const expiresInSeconds = signal("");
/** The time to sign at, `2013-08-27T14:30:10Z`; "" is now. */
export const time = signal("");

export const target = signal(oneOf(TARGETS, kept.target, "emulator"));
export const localUrl = signal(text(kept.localUrl, "http://127.0.0.1:8080/iaas/"));
export const remoteUrl = signal(text(kept.remoteUrl, "/api/qingcloud"));
export const remoteMode = signal(oneOf(["proxy", "sign"], kept.remoteMode, "proxy"));

const REMEMBERED = { language, theme, zone, endpoint, target, localUrl, remoteUrl, remoteMode };

/** Starts remembering, and shows language and theme on the document. */
export function applySettings() {
  effect(() => keep(Object.fromEntries(Object.entries(REMEMBERED).map(([name, { value }]) => [name, value]))));
  effect(() => {
    document.documentElement.lang = LANGUAGES[language.value];
    document.documentElement.dataset.theme = theme.value;
  });
}

/** The milliseconds that `time` says; undefined for now, or for what is no time. */
export function fixedTime() {
  return readTime(time.value);
}

/** The seconds that a signature is asked to be good for; undefined for as long as the service says, or for what is no number of seconds. */
export function validSeconds() {
  const given = Number(expiresInSeconds.value);
  return Number.isInteger(given) && given > 0 ? given : undefined;
}

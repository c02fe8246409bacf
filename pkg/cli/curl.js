// Reads a request out of a curl command line, as a shell and curl would.

import { Usage } from "./failures.js";

const WITH_VALUE = /^(-[AbCcEeFHKmoQrTtUuwXxYyz]|-d|--(?!.*=)(request|data(-raw|-binary|-ascii|-urlencode)?|url|header|output|user|user-agent|referer|cookie(-jar)?|proxy|max-time|connect-timeout|cacert|cert|key|write-out|retry|resolve|interface))$/;

/** `{ method, url, body }` of the words after `curl`. */
export function readCurl(words) {
  let method;
  let url;
  let isGet = false;
  const data = [];
  for (let at = 0; at < words.length; at += 1) {
    const [option, value, next] = optionAt(words, at);
    at = next;
    if (option === undefined) url ??= value;
    else if (option === "--url") url ??= value;
    else if (option === "-X" || option === "--request") method = value;
    else if (option === "-G" || option === "--get") isGet = true;
    else if (option === "-d" || option.startsWith("--data")) data.push(dataOf(option, value));
  }
  if (url === undefined) throw new Usage("there is no URL in this curl line");
  const body = data.length > 0 ? data.join("&") : undefined;
  if (isGet) return { method: method ?? "GET", url: body === undefined ? url : `${url}${url.includes("?") ? "&" : "?"}${body}` };
  return { method: method ?? (body === undefined ? "GET" : "POST"), url, body };
}

/** `[option, value, index of the last word used]`; a word that is none has no option. */
function optionAt(words, at) {
  const word = words[at];
  if (!/^-./.test(word)) return [undefined, word, at];
  if (word.startsWith("--")) {
    const [name, ...rest] = word.split("=");
    if (rest.length > 0) return [name, rest.join("="), at];
  } else if (word.length > 2 && /^-[XdH]/.test(word)) {
    return [word.slice(0, 2), word.slice(2), at];
  }
  return WITH_VALUE.test(word) ? [word, words[at + 1] ?? "", at + 1] : [word, undefined, at];
}

function dataOf(option, value) {
  if (value.startsWith("@") && option !== "--data-raw") throw new Usage("the curl line reads its data from a file; give the URL, --method POST and --body @FILE instead");
  if (option !== "--data-urlencode") return value;
  const end = value.indexOf("=");
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return end < 0 ? encode(value) : `${value.slice(0, end)}${end > 0 ? "=" : ""}${encode(value.slice(end + 1))}`;
}

const SHELL_WORDS = /\s+|\\\r?\n|'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\$]+|\$)/gsu;
const C_ESCAPES = { n: "\n", t: "\t", r: "\r" };

/** The words of a line, quotes taken off. */
export function shellWords(line) {
  const words = [];
  let word;
  for (const [whole, single, dollar, double, escaped, bare] of line.matchAll(SHELL_WORDS)) {
    const part = single ?? dollar?.replace(/\\(.)/gs, (_, c) => C_ESCAPES[c] ?? c) ?? double?.replace(/\\([$`"\\])|\\\n/g, "$1") ?? escaped ?? bare;
    if (part !== undefined) word = (word ?? "") + part;
    else if (!whole.startsWith("\\") && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

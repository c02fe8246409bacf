// Reads a request off what people paste: a URL, or a curl line from a shell, a browser's "Copy as cURL" or a log.
// The text of URL and body is kept as it is, since how it is encoded is the evidence.

const TAKES_VALUE = new Set(["-A", "-b", "-c", "-D", "-e", "-E", "-F", "-H", "-K", "-m", "-o", "-T", "-u", "-w", "-x", "--cacert", "--connect-timeout", "--cookie", "--header", "--max-time", "--output", "--proxy", "--resolve", "--retry", "--user", "--user-agent", "--write-out"]);
const DATA = new Set(["-d", "--data", "--data-ascii", "--data-binary", "--data-raw"]);

/**
 * @param {string} text
 * @returns {{ url: string, method: string, body?: string } | { problem: string }} `problem` names a message
 */
export function readRequest(text) {
  const trimmed = text.trim();
  if (trimmed === "") return { problem: "pasteEmpty" };
  if (/^(\$\s+)?curl(\.exe)?\s/i.test(trimmed)) return readCurl(trimmed.replace(/^\$\s+/, ""));
  const [, verb, rest] = /^(GET|POST)\s+(\S.*)$/s.exec(trimmed) ?? [];
  // A URL copied from a mail may be broken over lines; none has a line break of its own.
  const url = unquoted(rest ?? trimmed).replace(/\s*\n\s*/g, "");
  return isAddress(url) ? { url, method: verb ?? "GET" } : { problem: "pasteNoUrl" };
}

function readCurl(line) {
  const words = shellWords(line).slice(1);
  const data = [];
  let method;
  let url;
  let asQuery = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const [option, attached] = split(word);
    const value = () => attached ?? words[(at += 1)] ?? "";
    if (option === "-X" || option === "--request") method = value().toUpperCase();
    else if (DATA.has(option)) data.push(value());
    else if (option === "--data-urlencode") data.push(encoded(value()));
    else if (option === "--url") url = value();
    else if (option === "-G" || option === "--get") asQuery = true;
    else if (option === "-I" || option === "--head") method ??= "HEAD";
    else if (TAKES_VALUE.has(option)) value();
    else if (!word.startsWith("-") || word === "-") url ??= word;
  }
  if (url === undefined || !isAddress(url)) return { problem: "pasteNoUrl" };
  if (data.length === 0) return { url, method: method ?? "GET" };
  const body = data.join("&");
  if (asQuery) return { url: `${url}${url.includes("?") ? "&" : "?"}${body}`, method: method ?? "GET" };
  return { url, method: method ?? "POST", body };
}

/** `-XPOST` and `--request=POST` hold their value; `-sS` is two flags. */
function split(word) {
  if (word.startsWith("--")) {
    const at = word.indexOf("=");
    return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
  }
  if (word.length > 2 && /^-[A-Za-z]/.test(word)) {
    const short = word.slice(0, 2);
    if (short === "-X" || DATA.has(short) || TAKES_VALUE.has(short)) return [short, word.slice(2)];
    // The last of joined flags may take a value: -sXPOST, -sSd.
    const at = [...word].findIndex((letter, index) => index > 1 && (letter === "X" || DATA.has(`-${letter}`) || TAKES_VALUE.has(`-${letter}`)));
    if (at > 0) return [`-${word[at]}`, word.slice(at + 1) || undefined];
    if (word.includes("G")) return ["-G"];
  }
  return [word];
}

/** What curl does with `name=value`: the value alone is encoded. */
function encoded(text) {
  const at = text.indexOf("=");
  const value = encodeURIComponent(text.slice(at + 1)).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return at < 0 ? value : `${text.slice(0, at)}${at === 0 ? "" : "="}${value}`;
}

/** Splits a line as a POSIX shell does, `$'…'` and continued lines included. */
function shellWords(line) {
  const words = [];
  let word;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at];
    const dollar = letter === "$" && line[at + 1] === "'";
    if (letter === "'" || dollar) {
      const [text, end] = quoted(line, at + (dollar ? 2 : 1), "'", dollar);
      word = (word ?? "") + text;
      at = end;
    } else if (letter === '"') {
      const [text, end] = quoted(line, at + 1, '"', false);
      word = (word ?? "") + text;
      at = end;
    } else if (letter === "\\" || letter === "^") {
      // "^" continues a line in the Windows shell.
      const next = line.slice(at + 1).match(/^\r?\n/);
      if (next) at += next[0].length;
      else if (letter === "\\") word = (word ?? "") + (line[(at += 1)] ?? "");
      else word = (word ?? "") + letter;
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + letter;
    }
  }
  return word === undefined ? words : [...words, word];
}

const ESCAPES = { n: "\n", r: "\r", t: "\t", "'": "'", '"': '"', "\\": "\\" };

function quoted(line, start, quote, isAnsi) {
  let text = "";
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === quote) return [text, at];
    if (line[at] !== "\\" || (quote === "'" && !isAnsi)) {
      text += line[at];
    } else if (isAnsi) {
      const code = line.slice(at + 1).match(/^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4}))/);
      text += code ? String.fromCodePoint(parseInt(code[1] ?? code[2], 16)) : (ESCAPES[line[at + 1]] ?? `\\${line[at + 1] ?? ""}`);
      at += code ? code[0].length : 1;
    } else {
      text += /["\\$`\n]/.test(line[at + 1] ?? "") ? line[at + 1].replace("\n", "") : `\\${line[at + 1] ?? ""}`;
      at += 1;
    }
  }
  return [text, line.length];
}

function unquoted(text) {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function isAddress(text) {
  return /^(https?:\/\/[^/]|\/[^/])/i.test(text) || /^[\w.-]+\.\w+(:\d+)?\/\S*\?/.test(text);
}

// `qingcloud diagnose`: which mistake a refused signature has.

import { diagnose } from "qingcloud-wasm/emulator";
import { readCurl, shellWords } from "../curl.js";
import { API_ERROR, OK, Usage } from "../failures.js";
import { textsIn } from "../help.js";
import { DIAGNOSE, formOf, help, outputByPlace } from "../options.js";
import { readText } from "../parameters.js";
import { printJson } from "../print.js";
import { askForSecret, secretFrom } from "../secret.js";
import { printable, styleFor, widthOf, wrap } from "../terminal.js";

export const options = { output: outputByPlace, ...DIAGNOSE, help };

export async function run(context, { values, positionals }) {
  const request = await readRequest(positionals, values, context.stdin);
  const secretAccessKey = await secretOf(context, values["secret-file"]);
  const diagnosis = diagnose({ ...request, secretAccessKey, ...(values.time && { now: timeOf(values.time) }) });
  if (formOf(values, context.stdout) === "table") printDiagnosis(context, diagnosis);
  else printJson(context, diagnosis);
  return diagnosis.right ? OK : API_ERROR;
}

/** What was sent: a URL, a curl line, or a string to sign. */
async function readRequest(words, { method, body }, stdin) {
  if (words.length === 0) throw new Usage("give the URL that was refused, in single quotes");
  const given = words[0] === "curl" ? readCurl(words.slice(1)) : await readEvidence(words, stdin);
  const text = body?.startsWith("@") ? (await readText(body.slice(1), stdin)).replace(/\r?\n$/, "") : body;
  const whole = { ...given, ...(method && { method }), ...(text !== undefined && { body: text, method: method ?? "POST" }) };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
}

async function readEvidence(words, stdin) {
  if (words.length > 1) throw new Usage("give one URL, in single quotes, or the shell takes it apart");
  const [word] = words;
  const text = word === "-" ? await readText("-", stdin) : word.startsWith("@") ? await readText(word.slice(1), stdin) : word;
  const evidence = text.replace(/^[\r\n]+|[\r\n]+$/g, "");
  if (/^\s*curl\s/.test(evidence)) return readCurl(shellWords(evidence.trim()).slice(1));
  // Three lines that start with the method.
  if (/^(GET|POST)\n/.test(evidence)) return { stringToSign: evidence };
  if (/^https?:\/\//.test(evidence.trimStart())) return { url: evidence.trim() };
  throw new Usage("this is no URL, no curl line and no string to sign");
}

async function secretOf(context, file) {
  if (file !== undefined) return secretFrom(file);
  const { env } = context;
  const secret = env.QINGCLOUD_SECRET_ACCESS_KEY || env.QINGCLOUD_SECRET_KEY || (await askForSecret(context, "Secret access key (not shown): "));
  if (secret) return secret;
  throw new Usage("the secret access key is needed: set QINGCLOUD_SECRET_ACCESS_KEY or use --secret-file");
}

function timeOf(text) {
  // A time stamp that was copied without its zone is UTC, as in the URL.
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)$/.exec(text) ?? [];
  const time = Date.parse(day === undefined ? text : `${day}T${hour}Z`);
  if (Number.isNaN(time)) throw new Usage("--time must be a time such as 2013-08-27T14:30:10Z");
  return time;
}

function printDiagnosis({ stdout, env, language }, { right, mistakes, stringToSign, difference }) {
  const texts = textsIn(language);
  const style = styleFor(stdout, env);
  const width = Math.min(80, widthOf(stdout));
  const write = (line = "") => stdout.write(`${line}\n`);
  write(right ? style.green(texts.signatureIsRight) : style.red(mistakes.length > 0 ? texts.mistakesFound(mistakes.length) : texts.nothingExplains));
  for (const [at, mistake] of mistakes.entries()) {
    write();
    write(`${at + 1}. ${style.bold(mistake.code)}  ${style.dim(mistake.reproduced ? texts.reproduced : texts.seen)}`);
    for (const line of wrap(mistake[language], width - 3)) write(`   ${printable(line)}`);
  }
  if (right) return;
  write();
  write(style.bold(texts.rightString));
  for (const line of stringToSign.split("\n")) write(`   ${printable(line)}`);
  if (difference) {
    write();
    write(style.bold(texts.differsAt(difference.at)));
    write(`   ${texts.expected} ${style.green(printable(difference.expected))}`);
    write(`   ${texts.found} ${style.red(printable(difference.found))}`);
  }
}

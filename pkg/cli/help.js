// Help pages, in the language of the environment, laid out for 80 columns.

import { english } from "./help-en.js";
import { chinese } from "./help-zh.js";
import { columnsOf, fit, wrap } from "./terminal.js";

const WIDTH = 80;

/** "zh" or "en": the first of these variables that is set decides, as everywhere. */
export function languageOf(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  return locale.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const textsIn = (language) => (language === "zh" ? chinese : english);

/** What `qingcloud --help` prints. */
export function overview(language, names, style) {
  const texts = textsIn(language);
  return page(style, [
    [undefined, [...texts.about, "", `${texts.usage}qingcloud <${texts.command}> […]`]],
    [texts.commands, rows(names.map((name) => [name, texts.command_[name].summary]), style)],
    [texts.parameters, rows(texts.parameterForms, style)],
    [texts.environment, rows(texts.variables, style)],
    [texts.statuses, rows(texts.statusMeanings, style)],
    [texts.examples, examples(texts.exampleOfAll, style)],
    [undefined, wrap(texts.more, WIDTH)],
  ]);
}

/** What `qingcloud NAME --help` prints; `options` are that command's. */
export function commandHelp(language, name, options, style) {
  const texts = textsIn(language);
  const command = texts.command_[name];
  return page(style, [
    [undefined, [...wrap(command.text, WIDTH), "", `${texts.usage}qingcloud ${name} ${command.usage}`.trimEnd()]],
    [texts.options, rows(Object.entries(options).map(([option, shape]) => optionRow(texts, option, shape)), style)],
    [texts.examples, examples(command.examples, style)],
  ]);
}

function optionRow(texts, name, { short, words, text: key = name }) {
  const { value, text } = texts.option[key];
  const form = words ? words.join("|") : value;
  return [`${short ? `-${short}, ` : "    "}--${name}${form ? ` ${form}` : ""}`, text];
}

/** Two columns; a left side that is too long has a line of its own. */
function rows(pairs, style) {
  const left = Math.min(30, Math.max(...pairs.map(([name]) => columnsOf(name))));
  return pairs.flatMap(([name, text]) => {
    const lines = wrap(text, WIDTH - left - 4);
    const isLong = columnsOf(name) > left;
    const first = isLong ? [`  ${style.cyan(name)}`] : [`  ${style.cyan(fit(name, left))}  ${lines.shift() ?? ""}`];
    return [...first, ...lines.map((line) => `  ${" ".repeat(left)}  ${line}`)];
  });
}

function examples(list, style) {
  return list.flatMap(([text, ...commands]) => [...wrap(`# ${text}`, WIDTH - 2).map((line) => `  ${style.dim(line)}`), ...commands.map((command) => `  ${command}`)]);
}

function page(style, sections) {
  const blocks = sections.map(([title, lines]) => [...(title ? [style.bold(title)] : []), ...lines].join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

// `qingcloud actions`: what there is, and what an action takes.

import { readCatalogue } from "../catalogue.js";
import { OK, Usage } from "../failures.js";
import { textsIn } from "../help.js";
import { suggestion } from "../nearest.js";
import { ACTIONS, help, output } from "../options.js";
import { printJson, printTable } from "../print.js";
import { styleFor, widthOf, wrap } from "../terminal.js";

export const options = { output: output("table", "json"), ...ACTIONS, help };

export async function run(context, { values, positionals }) {
  if (positionals.length > 1) throw new Usage("name one service or one action");
  const [name] = positionals;
  if (name !== undefined && values.search !== undefined) throw new Usage("a name and --search exclude each other");
  const catalogue = await readCatalogue();
  const action = name && Object.keys(catalogue.actions).find((known) => known.toLowerCase() === name.toLowerCase());
  if (action) {
    if (values.output === "json") printJson(context, { action, ...catalogue.actions[action], structures: structuresOf(catalogue, action) });
    else printAction(context, catalogue, action);
  } else {
    const found = namesOf(catalogue, name, values.search);
    const rows = found.map((action) => ({ action, ...catalogue.actions[action] }));
    if (values.output === "json") printJson(context, rows.map(({ action, service, class: kind, description }) => ({ action, service, class: kind, description })));
    else printList(context, rows);
  }
  return OK;
}

/** The actions of a service, those that a word occurs in, or all; service by service. */
function namesOf({ services, actions }, service, search) {
  const listed = Object.values(services).flatMap(({ actions }) => actions);
  if (service !== undefined) {
    const key = service.toLowerCase();
    if (Object.hasOwn(services, key)) return services[key].actions;
    throw new Usage(`no action or service has this name${suggestion(service, [...Object.keys(services), ...listed])}`);
  }
  if (search === undefined) return listed;
  const word = search.toLowerCase();
  const holds = (text) => text !== undefined && text.toLowerCase().includes(word);
  const found = listed.filter((name) => {
    const { service, description, parameters } = actions[name];
    const texts = [name, service, ...Object.values(description ?? {}), ...Object.values(services[service].title)];
    return texts.some(holds) || parameters.some(({ name }) => holds(name));
  });
  if (found.length === 0) throw new Usage("no action has this in its name, service, description or parameters");
  return found;
}

function printList(context, rows) {
  const { language } = context;
  const { columns } = textsIn(language);
  printTable(context, [
    { name: columns.service, read: ({ service }) => service },
    { name: columns.action, read: ({ action }) => action, style: "cyan", isWhole: true },
    { name: columns.class, read: (row) => row.class },
    { name: columns.meaning, read: ({ description }) => description?.[language] },
  ], rows);
}

/** What an action does, takes and answers, and how a call of it looks. */
function printAction(context, catalogue, name) {
  const { stdout, env, language } = context;
  const texts = textsIn(language);
  const style = styleFor(stdout, env);
  const action = catalogue.actions[name];
  const write = (line = "") => stdout.write(`${line}\n`);
  write(`${style.bold(name)}  ${style.dim(`${catalogue.services[action.service].title[language]} · ${action.class}${action.method ? ` · ${action.method}` : ""}`)}`);
  const sentences = [action.description?.[language], texts.repeating[action.repeatable], action.job && texts.startsJob].filter(Boolean);
  for (const line of wrap(sentences.join(language === "zh" ? "" : " "), Math.min(80, widthOf(stdout)))) write(line);
  write();
  printParameters(context, action.parameters);
  for (const [parameter, fields] of Object.entries(structuresOf(catalogue, name))) {
    write();
    write(style.bold(texts.fieldsOf(parameter)));
    printParameters(context, fields);
  }
  if (action.answer) {
    write();
    const fields = action.answer.map((field) => `${field.name} (${typeOf(field)})`);
    for (const line of wrap(`${texts.answer}${fields.join(", ")}`, Math.min(80, widthOf(stdout)))) write(line);
  }
  write();
  write(`${style.dim("$")} ${exampleOf(name, action.parameters)}`);
}

function printParameters(context, parameters) {
  const { language } = context;
  const { columns, required, secret, onlyInProject } = textsIn(language);
  const rank = (parameter) => (parameter.common ? 3 : parameter.required === "documented" ? 0 : parameter.required ? 1 : 2);
  const rows = parameters.map((parameter, at) => ({ parameter, at })).sort((a, b) => rank(a.parameter) - rank(b.parameter) || a.at - b.at);
  const meaning = (parameter) => {
    const preset = parameter.default !== undefined && parameter.default !== "" && `${columns.default} ${parameter.default}`;
    const details = [parameter.values?.join(" | "), preset, parameter.secret && secret, parameter.onlyInProject && onlyInProject].filter(Boolean).join("; ");
    const text = parameter.description?.[language];
    if (text === undefined || details === "") return text ?? details;
    return `${text.replace(/[.。]$/, "")} (${details})`;
  };
  printTable(context, [
    { name: columns.parameter, read: ({ parameter }) => parameter.name, style: "cyan", isWhole: true },
    { name: columns.type, read: ({ parameter }) => typeOf(parameter) },
    { name: columns.required, read: ({ parameter }) => required[parameter.required] ?? "" },
    { name: columns.wire, read: ({ parameter }) => wireForm(parameter) },
    { name: columns.meaning, read: ({ parameter }) => meaning(parameter) },
  ], rows, { wraps: true });
}

/** `string`, `list of string`, `list of object`. */
function typeOf({ type, items, fields }) {
  if (type !== "array") return type;
  return `list of ${fields ? "object" : (items ?? "any")}`;
}

/** How the value is written in the query; "…" stands for the parameter's name. */
function wireForm({ type, encoding, items, fields }) {
  if (encoding === "json") return "JSON";
  if (type === "boolean") return "true|false";
  if (encoding !== "indexed") return "";
  return `….1${fields || isStructure(items) ? ".…" : ""}`;
}

const PRIMITIVES = new Set(["string", "integer", "number", "boolean", "timestamp", "json", "object", "array"]);
const isStructure = (items) => typeof items === "string" && !PRIMITIVES.has(items);

/** The fields of the objects in an action's lists, by parameter. */
function structuresOf({ actions, structures }, name) {
  const found = {};
  for (const { name: parameter, fields, items, itemRequired = [] } of actions[name].parameters) {
    const known = fields ?? (isStructure(items) ? structures[items] : undefined);
    if (known) found[parameter] = known.map((field) => (itemRequired.includes(field.name) ? { ...field, required: "documented" } : field));
  }
  return found;
}

/** A call with what is required, to be filled in. */
function exampleOf(name, parameters) {
  const required = parameters.filter((parameter) => parameter.required === "documented" && !parameter.common);
  const words = required.map(({ name, type, encoding, items, fields }) => {
    if (encoding === "json" || fields || isStructure(items)) return `${name}:='[…]'`;
    return type === "array" ? `${name}.1=…` : `${name}=…`;
  });
  return ["qingcloud call", name, ...words].join(" ");
}

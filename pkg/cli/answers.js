// Answers of the service as tables: the list that is in them, or their fields.

import { printPairs, printTable } from "./print.js";
import { columnsOf, styleFor, widthOf } from "./terminal.js";

/** Fields that say most of an item, after its id and name. */
const FIRST = ["status", "transition_status", "job_action", "zone_id", "instance_type", "size", "create_time"];
const MAX_COLUMN = 40;

/** Prints an answer, or the items of one. */
export function answerTable(context, action, answer) {
  const items = Array.isArray(answer) ? answer : listIn(answer);
  if (items === undefined) printPairs(context, Object.entries(answer));
  else if (items.length === 0) noItems(context);
  else if (items.every(isRecord)) printItems(context, items);
  else printTable(context, [{ name: action, read: (item) => item }], items);
}

/** A pipe gets an empty table, which is nothing; a person should not wonder. */
function noItems({ stderr, env }) {
  if (stderr.isTTY) stderr.write(`${styleFor(stderr, env).dim("The list is empty.")}\n`);
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The list of an answer that has one: `instance_set` and the like. */
function listIn(answer) {
  const named = Object.entries(answer).find(([name, value]) => Array.isArray(value) && (name.endsWith("_set") || value.some(isRecord)));
  return named?.[1];
}

function printItems(context, items) {
  const names = orderedNames(items);
  const columns = names.map((name) => ({ name, read: (item) => item[name] }));
  printTable(context, columns.slice(0, howManyFit(context, names, items)), items);
}

/** Names of the fields that have a plain value in any item, the telling ones first. */
function orderedNames(items) {
  const isShown = (value) => value !== null && value !== "" && typeof value !== "object";
  const names = [...new Set(items.flatMap((item) => Object.keys(item).filter((name) => isShown(item[name]))))];
  const id = names.find((name) => idOf(name, names)) ?? names.find((name) => name.endsWith("_id"));
  const label = names.find((name) => id !== undefined && name === id.replace(/_id$/, "_name"));
  const rank = (name) => (name === id ? 0 : name === label ? 1 : FIRST.includes(name) ? 2 + FIRST.indexOf(name) : 100);
  return names.map((name, at) => [rank(name), at, name]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , name]) => name);
}

// An instance has `instance_id` and `instance_name`; `image_id` and the like are of others.
const idOf = (name, names) => name.endsWith("_id") && names.includes(name.replace(/_id$/, "_name"));

/** As many columns as the terminal has room for, at least three. */
function howManyFit({ stdout }, names, items) {
  let left = widthOf(stdout);
  let count = 0;
  for (const name of names) {
    const widest = Math.max(columnsOf(name), ...items.map((item) => columnsOf(String(item[name] ?? ""))));
    left -= Math.min(widest, MAX_COLUMN) + 2;
    if (left < -2 && count >= 3) break;
    count += 1;
  }
  return count;
}

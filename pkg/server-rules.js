// What a handler allows: actions, their zones, their parameters within bounds. Read once, copied, refused by default.

import { QingCloudError } from "./error.js";

/** Said by the handler or by the client's key alone, never by a request. */
const RESERVED = new Set([
  "access_key_id", "action", "expires", "req_id", "signature", "signature_method", "signature_version", "time_stamp", "token", "version", "zone",
]);

const RULE = ["zones", "params"];
const BOUND = ["values", "pattern", "maxLength", "min", "max", "maxItems"];
const MAX_LENGTH = 1024;

/** Whether a text is JSON of a list or an object. */
function isJsonText(text) {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function misuse(where, problem) {
  return new QingCloudError({ kind: "options", message: `createHandler: ${where} ${problem}` });
}

function requireKnown(where, given, known) {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw misuse(where, `has the unknown name ${JSON.stringify(unknown)}; known are ${known.join(", ")}`);
}

/** The rules by action; a change of `allow` later changes nothing. */
export function readRules(allow) {
  if (!isObject(allow) || Object.keys(allow).length === 0) {
    throw misuse("\"allow\"", "must name the allowed actions, such as { DescribeInstances: { params: { limit: { max: 100 } } } }");
  }
  return new Map(Object.entries(allow).map(([action, rule]) => [action, readRule(`"allow.${action}"`, rule)]));
}

function readRule(where, rule) {
  if (rule === true) return { zones: new Set(), params: new Map() };
  if (!isObject(rule)) throw misuse(where, "must be true, or an object of zones and params");
  requireKnown(where, rule, RULE);
  const { zones = [], params = {} } = rule;
  if (!Array.isArray(zones) || zones.some((zone) => typeof zone !== "string" || zone === "")) throw misuse(where, "must have \"zones\" that are a list of zone ids");
  if (!isObject(params)) throw misuse(where, "must have \"params\" that are an object of names and bounds");
  return {
    zones: new Set(zones),
    params: new Map(Object.entries(params).map(([name, bound]) => [name, readBound(`${where}, parameter "${name}",`, name, bound)])),
  };
}

/** A function that says whether a value is within `bound`. */
function readBound(where, name, bound) {
  if (RESERVED.has(name)) throw misuse(where, name === "zone" ? "is allowed by \"zones\"" : "is set by the handler alone");
  if (typeof bound === "function") return (value, caller) => bound(value, caller) === true;
  if (bound !== true && !isObject(bound)) throw misuse(where, "must have a bound: true, an object, or a function");
  if (bound !== true) requireKnown(where, bound, BOUND);
  const { values, pattern, maxLength = MAX_LENGTH, min, max, maxItems } = bound;
  const isListOfScalars = values === undefined || (Array.isArray(values) && values.every((value) => ["string", "number", "boolean"].includes(typeof value)));
  if (!isListOfScalars) throw misuse(where, "must have \"values\" that are a list of strings, numbers and booleans");
  if (pattern !== undefined && !(pattern instanceof RegExp)) throw misuse(where, "must have a \"pattern\" that is a regular expression");
  for (const [key, number] of Object.entries({ maxLength, min, max, maxItems })) {
    if (number !== undefined && (typeof number !== "number" || Number.isNaN(number))) throw misuse(where, `must have a "${key}" that is a number`);
  }
  const allowed = values && new Set(values);
  // The whole text has to match, whatever the pattern's own anchors and flags say.
  const whole = pattern && new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gmy]/g, ""));
  const isNumber = min !== undefined || max !== undefined;
  const fits = (value) => {
    if (allowed && !allowed.has(value)) return false;
    switch (typeof value) {
      case "string":
        // A parameter that goes as JSON text takes it as it is: a list or an object in it would pass uncounted.
        return !isNumber && value.length <= maxLength && (whole === undefined ? allowed !== undefined || !isJsonText(value) : whole.test(value));
      case "number":
        return Number.isFinite(value) && whole === undefined && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
      case "boolean":
        return !isNumber && whole === undefined;
      default:
        return false;
    }
  };
  return (value) => (Array.isArray(value) ? maxItems !== undefined && value.length <= maxItems && value.every(fits) : fits(value));
}

/** Why the rules refuse a call, as the end of a sentence; undefined where they allow it. */
export function objection(rules, { action, params, zone }, caller) {
  const rule = rules.get(action);
  if (rule === undefined) return "this action is not allowed here";
  if (zone !== undefined && !rule.zones.has(zone)) return "this zone is not allowed here";
  for (const [name, value] of Object.entries(params)) {
    const isWithin = rule.params.get(name);
    if (isWithin === undefined) return `the parameter ${JSON.stringify(name.slice(0, 64))} is not allowed here`;
    if (!isWithin(value, caller)) return `the parameter ${JSON.stringify(name)} is out of bounds here`;
  }
  return undefined;
}

// Random requests that every signer must agree on: all kinds of values, all planes of Unicode, reserved characters,
// lists, nested JSON, 0 to 200 parameters.
//
// What another signer's language decides is left out, because nothing says that the service wants it:
//   - booleans outside JSON text (the Python SDK sends `True`), and null anywhere but at the top or in JSON text (`None`);
//   - a map given directly and a list of lists (Python's own notation);
//   - numbers that Python prints in another form: those with an exponent, from 1e16 or below 1e-4 unless they are
//     integers, which both print in full below 1e21;
//   - halves of surrogate pairs, which are no text;
//   - an empty name, a name that only the signer may set, and two parameters that flatten to one name: this package
//     refuses them.

import { drawer } from "./random.js";

const PUBLIC = new Set([
  "access_key_id", "action", "signature", "signature_method", "signature_version", "token",
  "expires", "req_id", "time_stamp", "version", "zone",
]);

// Actions that take lists as indexed parameters, known and unknown ones.
const ACTIONS = ["RunInstances", "DescribeInstances", "CreateVolumes", "AddRouterStatics", "ModifyTagAttributes", "NoSuchAction", "某个操作"];

// Actions with a parameter that is JSON text (catalogue: encoding `json`), and that parameter.
const JSON_PARAMETERS = [
  ["DeleteProjects", "project_ids"],
  ["DescribeProjects", "project_ids"],
  ["CreateProject", "meta"],
  ["AddGroupRoleRules", "principle"],
];

const METHODS = ["GET", "POST"];

/** Makes requests, each `{ key, action, params, json, method, zone, requestId, expiresInSeconds, now }`. */
export function requests(seed) {
  const draw = drawer(seed);
  const { integer, one, chance } = draw;
  let keys = [];

  const RESERVED = [..." !\"#$%&'()*+,/:;=?@[\\]^`{|}~-_."];
  const CHARACTERS = [
    () => integer(0x20, 0x7e), () => integer(0x20, 0x7e), () => one(RESERVED).codePointAt(0),
    () => integer(0, 0x1f), () => integer(0x7f, 0x7ff), () => integer(0x800, 0xd7ff), () => integer(0xe000, 0xffff),
    () => integer(0x4e00, 0x9fff), () => integer(0x10000, 0x10ffff),
  ];
  const character = () => String.fromCodePoint(one(CHARACTERS)());

  function some(length, make) {
    const made = [];
    for (let count = 0; count < length; count++) made.push(make());
    return made;
  }

  const text = (longest) => some(integer(0, longest), character).join("");

  function string() {
    if (chance(0.002)) return text(40).repeat(integer(50, 200));
    if (chance(0.1)) return one(["", " ", "  a  ", "a+b", "%20", "%2F", "100%", "\r\n", "é", "e\u0301", "\ufeffa", "\u0000", "null", "1"]);
    return text(one([3, 12, 40]));
  }

  function number() {
    return one([
      () => integer(-10, 1000),
      () => integer(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      () => Math.round(draw.next() * 1e20),
      () => BigInt(integer(-1e9, 1e9)) ** BigInt(integer(1, 6)),
      fraction,
    ])();
  }

  /** A number with a point, between 1e-4 and 1e16 in size. */
  function fraction() {
    const value = (draw.next() - 0.5) * 10 ** integer(-2, 14);
    const size = Math.abs(value);
    return Number.isInteger(value) || size < 1e-4 || size >= 1e16 ? 0.5 : value;
  }

  const date = () => new Date(integer(0, 4e9) * 1000 + integer(0, 999));
  const scalar = () => one([string, string, string, number, date])();

  /** Anything that can stand in JSON text. */
  function nested(depth) {
    if (depth > 3 || chance(0.5)) return one([string, number, () => chance(0.5), () => null])();
    return chance(0.5) ? some(integer(0, 4), () => nested(depth + 1)) : map(integer(0, 4), () => nested(depth + 1));
  }

  function map(size, value) {
    const made = {};
    for (let count = 0; count < size; count++) put(made, chance(0.02) ? "__proto__" : one([string, word])(), value());
    return made;
  }

  const word = () => one(["value", "type", "instance_name", "a", "A", "z_1", "val1", "status.1", "x-y", "键"]) + one(["", "", "1", "10", "2"]);

  const item = () => one([scalar, scalar, () => map(integer(0, 4), () => one([scalar, () => some(integer(0, 3), () => nested(1)), () => map(integer(0, 3), () => nested(1))])())])();

  function value() {
    if (chance(0.6)) return scalar();
    if (chance(0.1)) return one([null, undefined]);
    return some(one([0, 1, 2, 3, 12]), item);
  }

  function parameters(reserved) {
    const params = {};
    const taken = new Set(reserved);
    const size = chance(0.02) ? integer(50, 200) : one([0, 1, 2, 4, 8, 16]);
    for (let count = 0; count < size; count++) {
      const name = chance(0.3) ? string() : word();
      const made = value();
      const names = flatNames(name, made);
      if (name === "" || PUBLIC.has(name) || Object.hasOwn(params, name) || names.some((flat) => taken.has(flat) || PUBLIC.has(flat))) continue;
      names.forEach((flat) => taken.add(flat));
      put(params, name, made);
    }
    return params;
  }

  function key() {
    return {
      accessKeyId: `QY${text(20)}`,
      secretAccessKey: `s${one([() => text(40), () => some(integer(1, 200), character).join("")])()}`,
      token: chance(0.15) ? `t${text(60)}` : undefined,
      signatureMethod: chance(0.2) ? "HmacSHA1" : "HmacSHA256",
    };
  }

  return () => {
    // A key serves some requests, as it would.
    if (keys.length === 0) keys = some(50, key);
    if (chance(0.001)) keys = [];
    const requestId = chance(0.5) ? string() || "r" : `${integer(0, 2 ** 40)}`;
    const made = { key: keys[0] === undefined ? key() : one(keys), requestId, method: one(METHODS), now: integer(0, 4e9) * 1000 };
    if (chance(0.1)) {
      const [action, name] = one(JSON_PARAMETERS);
      const json = chance(0.5) ? some(integer(0, 4), () => nested(1)) : map(integer(0, 4), () => nested(1));
      const params = parameters([name]);
      params[name] = json;
      Object.assign(made, { action, params, json: [name] });
    } else {
      Object.assign(made, { action: one(ACTIONS), params: parameters([]), json: [] });
    }
    if (chance(0.6)) made.zone = one(["pek3", "gd2", string() || "z"]);
    if (chance(0.3)) made.expiresInSeconds = integer(1, 86_400);
    return made;
  };
}

/** The names that `value` goes out under. */
function flatNames(name, value) {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return [name];
  return value.flatMap((item, index) => {
    const indexed = `${name}.${index + 1}`;
    return isMap(item) ? Object.keys(item).map((field) => `${indexed}.${field}`) : [indexed];
  });
}

export function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

// `made.__proto__ = value` would set the prototype.
function put(made, name, value) {
  if (name === "__proto__") Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  else made[name] = value;
}

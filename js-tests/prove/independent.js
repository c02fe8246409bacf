// A signer of a few lines on node:crypto that shares no code with the package, and the comparison with it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { isMap, requests } from "./requests.js";

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
const stamp = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
const byBytes = ([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b));
/** Sorted as `byBytes` does, without making the bytes anew at each comparison. */
const sorted = (pairs) => pairs.map((pair) => [Buffer.from(pair[0]), pair]).sort(([a], [b]) => Buffer.compare(a, b)).map(([, pair]) => pair);
const plain = (value) => (value instanceof Date ? stamp(value) : String(value));

function json(value) {
  if (Array.isArray(value)) return `[${value.map((item) => json(item ?? null)).join(",")}]`;
  if (isMap(value)) return `{${Object.entries(value).filter(([, inner]) => inner !== undefined).sort(byBytes).map(([name, inner]) => `${json(name)}:${json(inner)}`).join(",")}}`;
  if (typeof value === "bigint" || typeof value === "number") return plain(value);
  if (value instanceof Date) return json(stamp(value));
  return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function flat({ params, json: asJson }) {
  const pairs = [];
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined) continue;
    if (asJson.includes(name) && typeof value === "object") pairs.push([name, json(value)]);
    else if (!Array.isArray(value)) pairs.push([name, plain(value)]);
    else {
      value.forEach((item, index) => {
        if (!isMap(item)) pairs.push([`${name}.${index + 1}`, plain(item)]);
        else for (const [field, inner] of Object.entries(item)) pairs.push([`${name}.${index + 1}.${field}`, Array.isArray(inner) || isMap(inner) ? json(inner) : plain(inner)]);
      });
    }
  }
  return pairs;
}

/** What is sent for a request of `requests.js`. */
export function independent(request) {
  const { key, action, method, zone, requestId, expiresInSeconds, now } = request;
  const path = key.token === undefined ? "/iaas/" : "/iam/";
  const pairs = [
    ...flat(request),
    ["access_key_id", key.accessKeyId], ["action", action], ["signature_method", key.signatureMethod], ["time_stamp", stamp(now)], ["version", "1"],
    ["signature_version", key.token === undefined ? "1" : "2"], ["req_id", requestId],
    ...(key.token === undefined ? [] : [["token", key.token]]),
    ...(zone === undefined ? [] : [["zone", zone]]),
    ...(expiresInSeconds === undefined ? [] : [["expires", stamp(now + expiresInSeconds * 1000)]]),
  ];
  const query = sorted(pairs).map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  const mac = createHmac(key.signatureMethod === "HmacSHA1" ? "sha1" : "sha256", key.secretAccessKey).update(`${method}\n${path}\n${query}`).digest("base64");
  const signed = `${query}&signature=${encode(mac)}`;
  const url = `https://api.qingcloud.com${path}`;
  return method === "GET" ? { url: `${url}?${signed}`, body: undefined } : { url, body: signed };
}

/** Signs `count` requests with `Class` too; throws at the first difference. */
export function compare(Class, count, seed) {
  const next = requests(seed);
  const signers = new Map();
  let now = 0;
  const freeAll = () => {
    for (const signer of signers.values()) signer.free();
    signers.clear();
  };
  for (let number = 0; number < count; number += 1) {
    const request = next();
    ({ now } = request);
    if (!signers.has(request.key)) {
      if (signers.size > 200) freeAll();
      signers.set(request.key, new Class({ ...request.key, now: () => now }));
    }
    const { action, params, zone, requestId, method, expiresInSeconds } = request;
    const { url, body } = signers.get(request.key).sign(action, params, { zone, requestId, method, expiresInSeconds });
    const wanted = independent(request);
    if (url !== wanted.url || body !== wanted.body) assert.deepEqual({ url, body }, wanted, `request ${number} of seed ${seed}`);
  }
  freeAll();
}

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { highlighted } from "../../www/src/model/highlight.js";
import { parting } from "../../www/src/model/difference.js";
import { queryParts, stringToSignParts, urlParts } from "../../www/src/model/parts.js";
import { readWire } from "../../www/src/model/wire.js";
import { actionNamed } from "./catalogue.js";

const { vectors } = JSON.parse(await readFile(new URL("../../src/sign/vectors/signing.json", import.meta.url), "utf8"));
const joined = (parts) => parts.map(({ text }) => text).join("");

test("taken apart and joined, every vector's text is the same again", () => {
  for (const { url, body, path, method, canonical_query: canonicalQuery, string_to_sign: stringToSign } of vectors) {
    if (url) assert.equal(joined(urlParts(url)), url);
    if (body) assert.equal(joined(queryParts(body)), body);
    assert.equal(joined(stringToSignParts({ method, path, canonicalQuery })), stringToSign);
  }
});

test("each part has the colour of what it is", () => {
  const parts = urlParts("https://h.example/iaas/?action=RunInstances&login_passwd=x&count=1&signature=ab%3D", actionNamed("RunInstances"));
  const kindOf = (text) => parts.find((part) => part.text === text).kind;
  assert.deepEqual(["https://h.example", "/iaas/", "action", "RunInstances", "login_passwd", "x", "count", "1", "ab%3D"].map(kindOf), ["origin", "path", "public-name", "public-value", "name", "secret", "name", "value", "signature"]);
});

test("a request on the wire gives its action and its own parameters", () => {
  assert.deepEqual(readWire("https://h.example/iaas/?access_key_id=K&action=DescribeJobs&jobs.1=j-1&req_id=r&signature=s&zone=pek3a"), { action: "DescribeJobs", params: { "jobs.1": "j-1" } });
});

test("two texts are the same up to where they part and from where they meet again", () => {
  assert.deepEqual(parting("a%20b", "a+b"), [["a", "%20", "b"], ["a", "+", "b"]]);
  assert.deepEqual(parting("aa", "aaa"), [["aa", "", ""], ["aa", "a", ""]]);
  assert.deepEqual(parting("x\u{1F600}", "x\u{1F601}"), [["x", "\u{1F600}", ""], ["x", "\u{1F601}", ""]]);
  assert.deepEqual(parting("", "a"), [["", "", ""], ["", "a", ""]]);
});

test("highlighting changes no character", () => {
  const text = 'import x from "y"; // said "z"\nconst a = call(1.5, "\\"");\n';
  assert.equal(joined(highlighted(text, "javascript")), text);
  assert.deepEqual(highlighted("# all of it", "python"), [{ kind: "comment", text: "# all of it" }]);
});

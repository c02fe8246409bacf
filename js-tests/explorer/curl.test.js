import assert from "node:assert/strict";
import { test } from "node:test";
import { readRequest } from "../../www/src/model/curl.js";

const url = "https://api.qingcloud.com/iaas/?action=DescribeZones&x=%7E+a&signature=ab%2Bc%3D";

test("a URL is taken as it is, with or without quotes, verb and line breaks", () => {
  for (const text of [url, ` "${url}" `, `'${url}'`, `GET ${url}`, url.replace("&x", "\n  &x")]) {
    assert.deepEqual(readRequest(text), { url, method: "GET" }, text);
  }
  assert.deepEqual(readRequest("/iaas/?action=x"), { url: "/iaas/?action=x", method: "GET" });
});

test("a curl line gives URL, method and body, byte for byte", () => {
  const cases = [
    [`curl '${url}'`, { url, method: "GET" }],
    [`$ curl -sS -H 'Accept: */*' "${url}" -o /dev/null`, { url, method: "GET" }],
    [`curl -X POST ${url.replaceAll("&", "\\&")}`, { url, method: "POST" }],
    [`curl https://h.example/iaas/ \\\n  --data-raw 'a=1&b=%20'`, { url: "https://h.example/iaas/", method: "POST", body: "a=1&b=%20" }],
    [`curl --url=https://h.example/iaas/ -d a=1 -d 'b=2'`, { url: "https://h.example/iaas/", method: "POST", body: "a=1&b=2" }],
    [`curl -XPUT https://h.example/ -da=1`, { url: "https://h.example/", method: "PUT", body: "a=1" }],
    [`curl -G https://h.example/iaas/ -d a=1 --data-urlencode "b=x y"`, { url: "https://h.example/iaas/?a=1&b=x%20y", method: "GET" }],
    [`curl -sXPOST https://h.example/ --data-binary $'a=\\'\\u0041\\x42'`, { url: "https://h.example/", method: "POST", body: "a='AB" }],
    [`curl "https://h.example/?a=\\"b\\$c"`, { url: 'https://h.example/?a="b$c', method: "GET" }],
    [`curl ^\n"https://h.example/?a=1"`, { url: "https://h.example/?a=1", method: "GET" }],
  ];
  for (const [line, expected] of cases) assert.deepEqual(readRequest(line), expected, line);
});

test("what is no request is said to be none", () => {
  assert.deepEqual(readRequest(""), { problem: "pasteEmpty" });
  assert.deepEqual(readRequest("hello"), { problem: "pasteNoUrl" });
  assert.deepEqual(readRequest("curl -v"), { problem: "pasteNoUrl" });
});

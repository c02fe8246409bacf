import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFolder } from "../../www/serve.mjs";
import { launchChromium, open, until } from "../browser.js";

// What the page must work under: no inline script, no foreign origin, and of the evals only WebAssembly's.
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

let server, chromium, page;
before(async () => {
  server = await serveFolder(fileURLToPath(new URL("../../www/dist", import.meta.url)), {
    headers: { "content-security-policy": POLICY },
  });
  chromium = await launchChromium();
  page = await open(chromium, server.url);
});
after(() => Promise.all([chromium.close(), server.close()]));

const fill = (action, params) =>
  page.evaluate(
    ([action, params]) => {
      const form = document.querySelector("#request");
      form.elements.action.value = action;
      form.elements.params.value = JSON.stringify(params);
      form.dispatchEvent(new Event("input"));
    },
    [action, params],
  );

test("the page signs what the form says", async () => {
  await fill("DescribeInstances", { "status.1": "running", zone: "pek3a" });
  const url = await until(page, `document.querySelector("#url").textContent.includes("DescribeInstances") && document.querySelector("#url").textContent`);
  assert.match(url, /^https:\/\/api\.qingcloud\.com\/iaas\/\?access_key_id=\w+&action=DescribeInstances&.*&status\.1=running&.*&zone=pek3a&signature=[\w%]+$/);
});

test("the page calls the emulator inside it and shows the answer", async () => {
  await fill("DescribeZones", {});
  await page.evaluate(() => document.querySelector("#request").requestSubmit());
  const answer = JSON.parse(await until(page, `document.querySelector("#answer").textContent`));
  assert.deepEqual([answer.action, answer.ret_code], ["DescribeZonesResponse", 0]);
});

test("nothing went wrong in the page", () => {
  assert.deepEqual(page.errors, []);
});

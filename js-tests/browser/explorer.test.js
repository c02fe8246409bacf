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
  page = await open(chromium, `${server.url}#/DescribeZones`);
});
after(() => Promise.all([chromium.close(), server.close()]));

const text = (selector) => until(page, `document.querySelector(${JSON.stringify(selector)})?.textContent`);

const show = (tab) => page.getByRole("tab", { name: tab }).click();

test("the page signs the action that its address names", async () => {
  await show("Signature");
  assert.match(
    await text("#url"),
    /https:\/\/api\.qingcloud\.com\/iaas\/\?access_key_id=\w+&action=DescribeZones&.*&signature=[\w%]+/,
  );
});

test("the page calls the emulator inside it and shows the answer", async () => {
  await show("Parameters");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await show("Answer");
  assert.match(await text("article.answer"), /DescribeZonesResponse/);
});

test("nothing went wrong in the page", () => {
  assert.deepEqual(page.errors, []);
});

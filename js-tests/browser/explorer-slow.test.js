// A slow machine or line: the page is drawn long before the catalogue is there, and people do not wait.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launchChromium, open } from "../browser.js";
import { Explorer, servePage } from "./explorer.js";

/** Keeps, for each field, what stands in it at the moment that it appears. */
const FIRST_SEEN = `
  window.firstSeen = {};
  new MutationObserver(() => {
    for (const { id, value } of document.querySelectorAll('[id^="field-"]')) window.firstSeen[id] ??= value;
  }).observe(document, { childList: true, subtree: true });
`;

let server, browser, page, arrive;
before(async () => {
  server = await servePage();
  browser = await launchChromium();
});
after(() => Promise.all([browser.close(), server.close()]));

beforeEach(async () => {
  page = new Explorer(await open(browser, "about:blank"));
  await page.resize(1440, 900);
  await page.page.addInitScript(FIRST_SEEN);
  const held = new Promise((resolve) => (arrive = resolve));
  await page.page.route(/catalogue.*\.json$/, async (route) => {
    await held;
    await route.continue();
  });
});
afterEach(async () => {
  assert.deepEqual(page.errors, []);
  await page.page.close();
});

test("what a link says stands in the form from the moment that there is one", async () => {
  await page.goto(`${server.url}#/RunInstances?params={"image_id":"centos64x86a","instances":["i-1"]}&zone=sh1a`);
  await page.text(".middle .loading");
  arrive();
  await page.holds("#field-image_id", "centos64x86a");
  assert.equal(await page.page.evaluate(`window.firstSeen["field-image_id"]`), "centos64x86a");
  await page.holds("#zone", "sh1a");
  await page.becomes("decodeURIComponent(location.hash)", /"image_id":"centos64x86a".*zone=sh1a/);
});

test("what was opened before the catalogue came stays open", async () => {
  await page.goto(server.url);
  await page.click(".way", "Sign the manual");
  await page.text(".middle .loading");
  arrive();
  await page.holds("#field-image_id", "centos64x86a");
  await page.becomes("location.hash", /^#\/RunInstances\?/);
  await page.text("h1", "RunInstances");
});

test("the way back works before the catalogue is there", async () => {
  await page.goto(server.url);
  await page.click(".way", "Create a project");
  await page.text(".middle .loading");
  await page.page.evaluate("history.back()");
  await page.text(".welcome h1");
  arrive();
  await page.says("#search-result", "414 actions");
  await page.text(".welcome h1");
});

test("nothing is sent before it can be seen", async () => {
  await page.goto(`${server.url}#/DescribeZones`);
  await page.text(".middle .loading");
  await page.press("Control+Enter");
  arrive();
  await page.text("h1", "DescribeZones");
  await page.says('.output [role="tab"][aria-selected="true"]', "Signature");
});

// How the explorer looks: no violation for axe, nothing beyond the edge, in both colours, both languages, wide and narrow.
// The pictures stay in `target/explorer/`.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, Explorer, servePage } from "./explorer.js";

const SIZES = { wide: [1440, 900], middle: [1024, 768], narrow: [390, 844] };

const VIEWS = {
  welcome: { hash: "#/" },
  form: { hash: '#/DescribeInstances?params={"status":["running"],"instances":["i-1","i-2"]}&zone=pek3a' },
  objects: { hash: '#/AddProjectMember?params={"project_id":"pj-1","project_members":[{"project_member_name":"Ada"}]}&zone=pek3a' },
  answer: {
    hash: "#/DescribeZones?zone=pek3a",
    act: async (page) => {
      await page.click(".send-bar .primary");
      await page.text("article.answer .tree");
    },
  },
  refused: {
    hash: '#/TerminateInstances?params={"instances":["i-00000000"]}&zone=pek3a',
    act: async (page) => {
      await page.click(".send-bar .primary");
      await page.text("article.answer .notice");
    },
  },
  doctor: {
    hash: "#/doctor",
    act: async (page) => {
      await page.click(".chip:nth-child(1)");
      await page.text(".mistakes");
    },
  },
  tour: { hash: "#/tour" },
};

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(`the explorer's looks in ${name}`, () => {
    let server, browser, page;
    before(async () => {
      server = await servePage();
      browser = await launch();
      page = await Explorer.open(browser, server.url);
    });
    after(() => Promise.all([browser.close(), server.close()]));

    for (const [theme, language] of [
      ["light", "en"],
      ["dark", "zh"],
    ]) {
      for (const [size, [width, height]] of Object.entries(SIZES)) {
        test(`${theme}, ${language}, ${size}: axe finds no violation, and nothing is beyond the edge`, async () => {
          await page.resize(width, height);
          await page.page.evaluate(`localStorage.setItem("qingcloud-explorer", ${JSON.stringify(JSON.stringify({ theme, language }))})`);
          for (const [view, { hash, act }] of Object.entries(VIEWS)) {
            await page.goto(`${server.url}${hash}`);
            await page.until(`!document.querySelector(".loading")`);
            await act?.(page);
            await page.shot(`${name.toLowerCase()}-${view}-${theme}-${language}-${size}`);
            assert.deepEqual(await page.violations(), [], view);
            assert.ok(await page.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${view} is wider than the window`);
          }
        });
      }
    }

    test("the other panels are as good", async () => {
      await page.resize(1440, 900);
      await page.goto(`${server.url}#/CreateServerCertificate?zone=pek3a`);
      for (const panel of ["code", "history", "signing"]) {
        await page.page.evaluate(`document.querySelector('[role="tab"][id$="-${panel}"]').click()`);
        if (panel === "signing") await page.click(".settings summary");
        assert.deepEqual(await page.violations(), [], panel);
      }
    });

    test("on a narrow page the list opens over it and closes with Escape", async () => {
      await page.resize(390, 844);
      await page.goto(`${server.url}#/`);
      await page.click("#open-actions");
      await page.until(`document.querySelector("dialog").open`);
      assert.deepEqual(await page.violations(), []);
      await page.press("Escape");
      await page.until(`!document.querySelector("dialog").open`);
    });

    // Only this driver can show the page as paper.
    test("on paper stand the request and its signature, and nothing to press", { skip: name !== "Chromium" }, async () => {
      await page.resize(1440, 900);
      await page.goto(`${server.url}#/DescribeZones?zone=pek3a`);
      await page.text("#signature");
      await page.page.emulateMedia({ media: "print" });
      await page.resize(794, 1123);
      const isShown = (selector) => page.page.evaluate(`document.querySelector(${JSON.stringify(selector)}).checkVisibility()`);
      for (const selector of ["h1", "#url", "#signature", ".parameters"]) assert.ok(await isShown(selector), selector);
      for (const selector of [".top", ".side", ".send-bar", ".tab-list", ".copy"]) assert.ok(!(await isShown(selector)), selector);
      await page.shot("chromium-paper");
      await page.page.emulateMedia({ media: null });
    });

    test("nothing went wrong in the page", () => {
      assert.deepEqual(page.errors, []);
    });
  });
}

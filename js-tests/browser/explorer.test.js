// The explorer at work in real browsers, under the strictest policy it has to work under.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { BROWSERS, Explorer, servePage } from "./explorer.js";

const { vectors, secret_access_key: SECRET } = JSON.parse(await readFile(new URL("../../src/sign/vectors/published.json", import.meta.url), "utf8"));
const published = vectors.find(({ id }) => id === "manual-RunInstances-pek3a");

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(`the explorer in ${name}`, () => {
    let server, browser, page;
    before(async () => {
      server = await servePage();
      browser = await launch();
      page = await Explorer.open(browser, server.url);
    });
    after(() => Promise.all([browser.close(), server.close()]));

    const at = (hash) => page.goto(`${server.url}${hash}`);

    test("the search finds actions by name, by Chinese words and by parameter", async () => {
      await page.says("#search-result", "414 actions");
      for (const [query, first, count] of [
        ["runinst", "RunInstances", 2],
        ["创建项目", "CreateProject", 1],
        ["login_keypair", "RunInstances", 1],
      ]) {
        await page.fill("#search", query);
        await page.says(".action-links .action-name", first);
        assert.ok((await page.count(".action-links a")) >= count, query);
      }
      await page.fill("#search", "zzzzzz");
      await page.says(".no-hits", /zzzzzz/);
      await page.fill("#search", "");
    });

    test("the published sample gets its published signature", async () => {
      await page.click(".way", "Sign the manual");
      await page.text("h1", "RunInstances");
      await page.says("#signature", published.signature);
      assert.ok(!(await page.text("#url")).includes("QingCloud20130712"), "the password is hidden");
      await page.click(".steps .check input");
      await page.says("#url", published.url);
      await page.says("#string-to-sign", published.string_to_sign);
    });

    test("key and time that are typed in give the same", async () => {
      await at("#/RunInstances");
      await page.fill("#access-key-id", "X");
      await page.fill("#access-key-id", published.access_key_id);
      await page.fill("#secret-access-key", SECRET);
      await page.fill("#time", "2013-08-27T14:30:10Z");
      const fields = { image_id: "centos64x86a", login_mode: "passwd", login_passwd: "QingCloud20130712", count: "1", instance_name: "demo", instance_type: "small_b", vxnets: "vxnet-0" };
      for (const [field, value] of Object.entries(fields)) await page.fill(`#field-${field}`, value);
      await page.fill("#zone", "pek3a");
      await page.says("#signature", published.signature);
    });

    test("a time or a span that cannot be read is pointed out", async () => {
      await page.fill("#time", "yesterday");
      await page.says("#time-note", /no time/);
      await page.says(".settings-summary", / now /);
      await page.fill("#time", "2013-08-27 14:30:10");
      await page.fill("#expires", "1h");
      await page.says("#expires-note", /left out/);
      await page.says("#signature", published.signature);
      for (const field of ["#time", "#expires"]) await page.fill(field, "");
    });

    test("lists, choices and objects of the form arrive in what is signed", async () => {
      await at("#/DescribeInstances");
      assert.match(await page.text(".field-group", "Required"), /zone.*required/);
      await page.click(".check-item input");
      await page.fill("#field-instances", "i-1");
      await page.click('[aria-label="Add to instances"]');
      await page.fill("#field-instances\\.2", "i-2");
      await page.says("#url", /instances\.1=i-1&instances\.2=i-2.*&status\.1=\w+/);
      await at("#/AddProjectMember");
      await page.click('[aria-label="Add to project_members"]');
      await page.fill("#field-project_members\\.1\\.project_member_name", "Ada");
      await page.says("#url", /&project_members=%5B%7B%22project_member_name%22%3A%22Ada%22%7D%5D&/);
    });

    test("a field for another value takes the focus once, and leaves it to the next field", async () => {
      await at("#/RunInstances");
      await page.fill("#field-login_mode", "\0other");
      await page.until(`document.querySelector("input#field-login_mode") === document.activeElement`);
      await page.page.evaluate(`document.querySelector("#field-image_id").focus()`);
      await page.type("centos");
      await page.holds("#field-image_id", "centos");
    });

    test("the Enter and the arrows of an input method stay with it", async () => {
      await at("#/DescribeInstances");
      const press = (selector, key) => page.page.evaluate(`document.querySelector(${JSON.stringify(selector)}).dispatchEvent(new KeyboardEvent("keydown", { key: ${JSON.stringify(key)}, isComposing: true, bubbles: true, cancelable: true }))`);
      await page.fill("#search", "project");
      await page.text(".action-links a");
      await page.page.evaluate(`document.querySelector("#search").focus()`);
      assert.ok(await press("#search", "Enter"));
      assert.ok(await press("#search", "ArrowDown"));
      await page.focuses("search");
      await page.fill("#search", "");
      await page.text("h1", "DescribeInstances");
      await page.fill("#field-instances", "i-1");
      assert.ok(await press("#field-instances", "Enter"));
      assert.ok(await press(".add-other input", "Enter"));
    });

    test("a value that is not among those to tick is taken out with the rest", async () => {
      await at("#/DescribeInstances");
      await page.fill("#field-status", "foo, ");
      await page.says("#url", /&status\.1=foo&/);
      await page.holds("#field-status", "foo, ");
      await page.click(".request-bar > button", "Clear");
      await page.holds("#field-status", "");
    });

    test("form and JSON are two views of the same parameters", async () => {
      await at('#/DescribeInstances?params={"limit":5,"new_filter":"x"}');
      await page.click(".choice-item input[value=json]");
      await page.holds("#json", JSON.stringify({ limit: 5, new_filter: "x" }, null, 2));
      await page.fill("#json", "{");
      await page.says("#json-problem", /not JSON yet/);
      await page.fill("#json", '{"limit": 7}');
      await page.click(".choice-item input[value=form]");
      await page.holds("#field-limit", "7");
    });

    test("what a button opens, Back leaves again", async () => {
      await at("#/");
      await page.click(".way", "Sign the manual");
      await page.text("h1", "RunInstances");
      await page.until(`location.hash.startsWith("#/RunInstances")`);
      await page.page.evaluate("setTimeout(() => history.back())");
      await page.until(`location.hash === "#/" && document.querySelector(".welcome")`);
    });

    test("coming back to a request finds its secrets in the form", async () => {
      await at("#/RunInstances");
      await page.fill("#field-image_id", "centos64x86a");
      await page.fill("#field-login_passwd", "Hunter-2222");
      await page.until(`location.hash.includes("centos64x86a")`);
      await page.page.evaluate(`location.hash = "#/DescribeZones"`);
      await page.text("h1", "DescribeZones");
      await page.page.evaluate("setTimeout(() => history.back())");
      await page.text("h1", "RunInstances");
      await page.holds("#field-image_id", "centos64x86a");
      await page.holds("#field-login_passwd", "Hunter-2222");
    });

    test("what Clear took away, Undo brings back until something is typed", async () => {
      await at('#/RunInstances?params={"image_id":"centos64x86a"}');
      await page.fill("#field-login_passwd", "Hunter-2222");
      await page.click(".request-bar > button", "Clear");
      await page.holds("#field-image_id", "");
      await page.click(".request-bar > button", "Undo");
      await page.holds("#field-image_id", "centos64x86a");
      await page.holds("#field-login_passwd", "Hunter-2222");
      await page.click(".request-bar > button", "Clear");
      await page.fill("#field-image_id", "another");
      await page.text(".request-bar > button", "Clear");
    });

    test("a POST shows its body", async () => {
      await page.fill("#method", "POST");
      await page.says("#body", /^access_key_id=.*&signature=/);
      await page.says("#url", "https://api.qingcloud.com/iaas/");
      await page.fill("#method", "");
    });

    test("a call goes to the emulator in the page, and its answer can be opened", async () => {
      await at('#/CreateProject?params={"project_name":"demo"}&zone=pek3a');
      await page.click(".send-bar .primary");
      await page.says("article.answer .tree", /project_id"pj-\w+"/);
      await at('#/DescribeProjects?zone=pek3a');
      await page.click(".send-bar .primary");
      await page.says("article.answer .tree", /project_set/);
    });

    test("a double click sends once", async () => {
      await at("#/DescribeZones?zone=pek3a");
      await page.tab("History");
      const before = await page.count(".history-entry");
      const press = (detail) => page.page.evaluate(`document.querySelector(".send-bar .primary").dispatchEvent(new MouseEvent("click", { detail: ${detail}, bubbles: true, cancelable: true })) && undefined`);
      await press(1);
      await press(2);
      await page.says("article.answer .tree", /zone_set/);
      await page.tab("History");
      await page.becomes(`document.querySelectorAll(".history-entry").length`, before + 1);
    });

    test("a return code is explained in the page's language", async () => {
      await at('#/TerminateInstances?params={"instances":["i-00000000"]}&zone=pek3a');
      await page.click(".send-bar .primary");
      await page.says("article.answer .notice", /2100/);
      await page.click(".choice-item input[value=zh]");
      await page.until(`/[\\u4e00-\\u9fff]/.test(document.querySelector("article.answer .notice dd + dd, article.answer .notice .facts div:nth-child(2) dd")?.textContent)`);
      await page.click(".choice-item input[value=en]");
    });

    test("a job can be watched to its end", async () => {
      await at('#/RunInstances?params={"image_id":"centos64x86a","login_mode":"passwd","instance_type":"c1m1"}&zone=pek3a');
      await page.fill("#field-login_passwd", "Hunter-2222");
      await page.click(".send-bar .primary");
      await page.click(".watch");
      await page.becomes(`document.querySelector("article.answer progress")?.getAttribute("aria-label")`, "0 of 1 jobs are done");
      await page.click(".jobs button", "Stop");
      await page.until(`!document.querySelector(".jobs progress")`);
      await page.click(".watch");
      await page.text(".job.is-successful");
      await page.becomes(`document.querySelectorAll(".jobs button").length`, 0);
    });

    test("the history opens a call again, and holds no secret", async () => {
      await at("#/RunInstances");
      await page.fill("#field-image_id", "centos64x86a");
      await page.fill("#field-login_mode", "passwd");
      await page.fill("#field-login_passwd", "Hunter-2222");
      await page.click(".send-bar .primary");
      await page.text("article.answer .outcome");
      await page.tab("History");
      await page.says(".history-entry", /RunInstances.*centos64x86a/s);
      const kept = await page.page.evaluate(`JSON.stringify({ ...localStorage })`);
      assert.ok(kept.includes("centos64x86a") && !kept.includes("Hunter-2222") && !kept.includes("SECRETACCESSKEY"));
      await page.click(".history-entry", "RunInstances");
      await page.text("article.answer .tree");
    });

    test("a link to a request holds no secret and opens the same request", async () => {
      await page.until(`location.hash.includes("centos64x86a")`);
      const link = await page.page.evaluate("location.href");
      assert.ok(!link.includes("Hunter-2222") && !link.includes("SECRETACCESSKEY") && !link.includes("QYACCESSKEYIDEXAMPLE"));
      await page.goto(link);
      await page.holds("#field-image_id", "centos64x86a");
      await page.holds("#field-login_passwd", "");
    });

    test("a copy that the browser does not allow is not called one", async () => {
      await at("#/DescribeZones");
      await page.page.evaluate(`navigator.clipboard && (navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))); document.execCommand = () => false;`);
      await page.click('.copy[aria-label="Copy: Signature"]');
      await page.says('.copy[aria-label="Copy: Signature"]', /does not let this page copy/);
    });

    test("the doctor names the mistake in every example", async () => {
      await at("#/doctor");
      const codes = {
        "A space as +": "plus-for-space",
        "Line break behind the secret": /secret-with-blanks/,
        "Slash missing at the end": /slash/,
        "Signed as GET": /verb|method/,
        "Encoded twice": /double/,
        "SHA-1 called SHA-256": /sha-?1/,
        "Lower-case hex": /lower/,
        "Local time marked Z": /local-time/,
      };
      for (const [example, code] of Object.entries(codes)) {
        await page.click(".chip", example);
        await page.until(`!document.querySelector(".finding .loading") && document.querySelector(".mistakes code")`);
        await page.says(".mistakes", new RegExp(code));
        await page.fill("#pasted", "");
        await page.until(`!document.querySelector(".mistakes")`);
      }
    });

    test("the doctor calls a right request right, and says what it needs", async () => {
      await page.click(".doctor-form .primary");
      await page.says(".finding .notice", /Paste a request/);
      await page.fill("#pasted", published.url);
      await page.fill("#doctor-secret", SECRET);
      await page.fill("#sent-at", "long ago");
      await page.click(".doctor-form .primary");
      await page.says(".finding .notice", /a time such as/);
      await page.fill("#sent-at", "");
      await page.fill("#doctor-secret", SECRET);
      await page.click(".doctor-form .primary");
      await page.says(".verdict.is-good", /right/);
      await page.fill("#doctor-secret", "another");
      await page.click(".doctor-form .primary");
      await page.text(".verdict.is-bad");
    });

    test("the tour goes through the life of a project and leaves nothing behind", async () => {
      await at("#/tour");
      await page.click(".tour .primary");
      await page.until(`document.querySelector(".tour-step.is-running progress")`);
      await page.text(".tour-end .is-good");
      await page.becomes(`document.querySelectorAll(".tour-step.is-done").length`, 7);
      assert.ok((await page.count(".wire-call")) > 12);
      await page.click(".wire-call summary", "RunInstances");
      assert.ok(!(await page.text(".wire-call[open]")).includes("Tour-"), "the password is hidden");
      await page.click(".wire-call[open] a", "Open in the explorer");
      await page.text("h1", "RunInstances");
      await page.page.evaluate(`location.hash = "#/DescribeProjects"`);
      await page.text("h1", "DescribeProjects");
      await page.click(".send-bar .primary");
      await page.says("article.answer .tree", /DescribeProjectsResponse.*total_count0/s);
    });

    test("the language changes all at once, and is remembered", async () => {
      await page.click(".choice-item input[value=zh]");
      await page.says(".views a[aria-current]", "接口");
      await page.becomes("document.documentElement.lang", "zh-CN");
      await at("#/doctor");
      await page.says("h1", /签名/);
      await page.becomes("document.title", /青云/);
      await page.click(".choice-item input[value=en]");
    });

    test("dark and light are chosen by a button, and remembered", async () => {
      const ground = "getComputedStyle(document.documentElement).backgroundColor";
      const grounds = { light: "rgb(242, 246, 245)", dark: "rgb(13, 19, 20)" };
      for (const theme of ["light", "dark"]) {
        await page.click(".theme");
        await page.becomes("document.documentElement.dataset.theme", theme);
        await page.becomes(ground, grounds[theme]);
      }
      await at("#/doctor");
      await page.becomes(ground, grounds.dark);
      await page.click(".theme");
    });

    test("everything is within reach of the keyboard", async () => {
      await at("#/");
      await page.text("#search-result", "414");
      await page.press("/");
      await page.focuses("search");
      await page.type("describezones");
      await page.text(".action-links .action-name", "DescribeZones");
      await page.press("ArrowDown");
      await page.focuses(/^DescribeZones/);
      await page.press("Enter");
      await page.text("h1", "DescribeZones");
      await page.press("ArrowUp");
      await page.focuses("search");
      // From the search on, Tab comes to the form and to the button.
      const seen = new Set();
      for (let presses = 0; presses < 40 && !seen.has("Send"); presses += 1) {
        await page.press("Tab");
        seen.add((await page.focused()).trim());
      }
      for (const stop of ["zone", "field-zones", "Send"]) assert.ok(seen.has(stop), `${stop} is not among ${[...seen]}`);
      await page.press("Enter");
      await page.says("article.answer .tree", /zone_set/);
      await page.page.evaluate(`document.querySelector('[role="tab"][aria-selected="true"]').focus()`);
      await page.press("ArrowRight");
      await page.focuses(/history/i);
      await page.page.evaluate(`document.querySelector("#zone").focus()`);
      await page.page.keyboard.down("Control");
      await page.press("Enter");
      await page.page.keyboard.up("Control");
      await page.until(`document.querySelector('[role="tab"][aria-selected="true"]').textContent.startsWith("Answer")`);
    });

    test("the focus stays near what took its place", async () => {
      await page.resize(360, 760);
      await at("#/DescribeZones?zone=pek3a");
      await page.text("h1", "DescribeZones");
      const hasFocus = (selector) => page.until(`document.activeElement.matches(${JSON.stringify(selector)})`);
      await page.page.evaluate(`document.querySelector(".send-bar .primary").focus()`);
      await page.press("Enter");
      await page.says("article.answer .tree", /zone_set/);
      await hasFocus("[role=tabpanel]");
      await page.says("#app > [role=status]", "DescribeZones: ok");
      await page.becomes(`(({ left, right }) => left >= 0 && right <= innerWidth)(document.querySelector('[role="tab"][aria-selected="true"]').getBoundingClientRect())`, true);
      await page.resize(1440, 900);
      await page.tab("History");
      await page.page.evaluate(`document.querySelector(".history-entry").focus()`);
      await page.press("Enter");
      await page.text("article.answer");
      await hasFocus("[role=tabpanel]");
    });

    test("another action or view begins at its top, and has the focus where what led to it is gone", async () => {
      const headingIsShown = () => page.becomes(`document.querySelector("h1").getBoundingClientRect().top > 0`, true);
      for (const width of [1440, 1100]) {
        await page.resize(width, 800);
        await at("#/RunInstances");
        await page.text("h1", "RunInstances");
        await page.page.evaluate(`for (const scrolled of [document.documentElement, document.querySelector(".middle")]) scrolled.scrollTop = 900`);
        await page.until(`document.querySelector("h1").getBoundingClientRect().top < 0`);
        await page.click(".action-link", "DescribeInstances");
        await page.text("h1", "DescribeInstances");
        await headingIsShown();
      }
      await page.resize(1440, 900);
      await at("#/");
      await page.page.evaluate(`document.querySelector('.way[href="#/doctor"]').focus()`);
      await page.press("Enter");
      await page.text("h1", "signature fail");
      await page.focuses("content");
    });

    test("the skip link leads to the content", async () => {
      await page.page.evaluate(`document.querySelector(".skip").focus()`);
      await page.press("Enter");
      await page.focuses("content");
    });

    test("nothing went wrong in the page, the policy included", () => {
      assert.deepEqual(page.errors, []);
    });
  });
}

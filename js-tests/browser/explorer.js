// What the explorer's browser tests share: the served page, and a driver that is the same for both browsers.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serveFolder } from "../../www/serve.mjs";
import { launchChromium, launchFirefox, open, until } from "../browser.js";

/** What the page must work under: no inline script or style, no foreign origin, and of the evals only WebAssembly's. */
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

export const BROWSERS = { Chromium: launchChromium, Firefox: launchFirefox };

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FOCUSED = `document.activeElement.id || document.activeElement.textContent`;

/** How long a page may take to come to what a test looks for. */
const PATIENCE_MS = 20_000;

const SHOTS = fileURLToPath(new URL("../../target/explorer/", import.meta.url));

/** Serves the built page; `policy` undefined for none. */
export function servePage(policy = POLICY) {
  const headers = policy ? { "content-security-policy": policy } : {};
  return serveFolder(fileURLToPath(new URL("../../www/dist", import.meta.url)), { headers });
}

/** A page of the explorer with what a test does on it. Selectors are CSS; `text` narrows them down to one. */
export class Explorer {
  /** On a page that `open` gave; `Explorer.open` does both. */
  constructor(page) {
    this.page = page;
  }

  static async open(browser, url, { width = 1440, height = 900 } = {}) {
    const explorer = new Explorer(await open(browser, "about:blank"));
    await explorer.resize(width, height);
    await explorer.goto(url);
    return explorer;
  }

  /** Loads `url` anew, and waits until it can be used. */
  async goto(url) {
    await this.page.goto("about:blank");
    await this.page.goto(url);
    await this.until(`document.querySelector("#app > header") && document.querySelector("main")`);
  }

  get errors() {
    return this.page.errors;
  }

  resize(width, height) {
    const { page } = this;
    return page.setViewportSize ? page.setViewportSize({ width, height }) : page.setViewport({ width, height });
  }

  /** Waits until `expression` is true, and gives its value; an element counts as true. */
  until(expression, options) {
    return until(this.page, `((value) => (value instanceof Node ? true : value))(${expression})`, options);
  }

  /** Waits until `expression` gives `expected` (a value, or a pattern for a text); gives what it gave. */
  async becomes(expression, expected) {
    const isPattern = expected instanceof RegExp;
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const value = await this.page.evaluate(expression);
      if (isPattern ? expected.test(value ?? "") : value === expected) return value;
      if (performance.now() > end) return isPattern ? assert.match(value ?? "", expected) : assert.equal(value, expected);
      await setTimeout(20);
    }
  }

  /** Waits until the text in the element is `expected`, or has it where that is a pattern. */
  says(selector, expected) {
    return this.becomes(`document.querySelector(${JSON.stringify(selector)})?.textContent`, expected);
  }

  /** Waits until the field holds `expected`. */
  holds(selector, expected) {
    return this.becomes(`document.querySelector(${JSON.stringify(selector)})?.value`, expected);
  }

  /** Waits for the element and gives the text in it. */
  async text(selector, text) {
    return this.until(`${find(selector, text)}?.textContent`);
  }

  async count(selector) {
    return this.page.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
  }

  /** Presses an element as a mouse would, wherever it is scrolled to, once it and what it stands in can be used. */
  async click(selector, text) {
    await this.until(`${find(selector, text)} && !${find(selector, text)}.matches(":disabled")`);
    await this.page.evaluate(`${find(selector, text)}.click()`);
  }

  /** Puts `value` into a field as typing does. */
  async fill(selector, value) {
    await this.until(find(selector));
    await this.page.evaluate(`{
      const field = ${find(selector)};
      field.value = ${JSON.stringify(value)};
      field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
    }`);
  }

  tab(name) {
    return this.click('[role="tab"]', name);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** What has the focus: its id, or its text. */
  focused() {
    return this.page.evaluate(FOCUSED);
  }

  /** Waits until what `focused` says is `expected`. */
  focuses(expected) {
    return this.becomes(FOCUSED, expected);
  }

  /** Keeps a picture of the page in `target/explorer/`. */
  async shot(name) {
    await mkdir(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}${name}.png` });
  }

  /** What axe has against the page, in short. */
  async violations() {
    await this.page.evaluate(AXE);
    // Colours on their way from one to the other have no contrast that counts.
    await this.page.evaluate(`Promise.all(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => {})))`);
    const found = await this.page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + " " + failureSummary.slice(0, 300)).join(" | ")))`);
    return found;
  }
}

/** JavaScript text that finds the first element with that text in it. */
function find(selector, text) {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`;
  return text === undefined ? `document.querySelector(${JSON.stringify(selector)})` : `${all}.find((element) => element.textContent.trim().includes(${JSON.stringify(text)}))`;
}

// Starts the browsers that tests drive. Both kinds share what the tests use of them:
// `newPage()`, `close()`, and on a page `goto`, `evaluate`, `on("pageerror" | "console")`, `screenshot`.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";

const CHROMIUM_FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Chromium through Playwright. */
export function launchChromium() {
  const executablePath = find("CHROMIUM_PATH", ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]);
  // Without a sandbox, because containers run the tests as root.
  return chromium.launch({ executablePath, chromiumSandbox: false, args: CHROMIUM_FLAGS });
}

/** Firefox through WebDriver BiDi: Playwright drives only a Firefox of its own. */
export function launchFirefox() {
  const executablePath = find("FIREFOX_PATH", ["firefox-esr", "firefox"]);
  return puppeteer.launch({ browser: "firefox", executablePath, headless: true });
}

/** Opens `url` in a new page of `browser`; the page's `errors` array collects what it throws and logs as an error. */
export async function open(browser, url) {
  const page = await browser.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  await page.goto(url);
  return page;
}

/** Waits until `expression` (JavaScript text) is truthy in the page, and returns its value. */
export async function until(page, expression, { timeoutMs = 20_000 } = {}) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await page.evaluate(expression);
    if (value) return value;
    if (performance.now() > end) {
      throw new Error(`${expression} did not come true in ${timeoutMs} ms; the page said: ${page.errors?.join("; ") || "nothing"}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function find(variable, programs) {
  if (process.env[variable]) return process.env[variable];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const program of programs) {
      try {
        accessSync(join(folder, program), constants.X_OK);
        return join(folder, program);
      } catch {
        // Look further.
      }
    }
  }
  throw new Error(`none of ${programs.join(", ")} is on the search path: install one or set ${variable}`);
}

// signUrl in Chromium and Firefox, beside Node.
//
// Usage: node bench/browsers.mjs [rounds]

import { fileURLToPath } from "node:url";
import { serveFolder } from "../../www/serve.mjs";
import { launchChromium, launchFirefox, open, until } from "../browser.js";
import { table } from "./harness.js";
import { measure } from "./page.js";
import { SETS } from "./sets.js";

const rounds = Number(process.argv[2] ?? 41);
const sets = Object.keys(SETS);
// A page that is isolated from others may read a finer clock.
const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

async function inNode() {
  const results = [];
  for (const set of sets) results.push(await measure(set, rounds));
  return results;
}

async function inBrowser(launch) {
  const browser = await launch();
  try {
    const page = await open(browser, `${served.url}js-tests/bench/page.html`);
    await until(page, "globalThis.crossOriginIsolated && globalThis.measure !== undefined");
    const results = [];
    for (const set of sets) results.push(await page.evaluate(`measure(${JSON.stringify(set)}, ${rounds})`));
    return results;
  } finally {
    await browser.close();
  }
}

const served = await serveFolder(fileURLToPath(new URL("../..", import.meta.url)), { headers });
try {
  const rows = [];
  for (const [where, run] of [["Node", inNode], ["Chromium", () => inBrowser(launchChromium)], ["Firefox", () => inBrowser(launchFirefox)]]) {
    const results = await run();
    for (const name of Object.keys(results[0])) {
      rows.push([`${where}: ${name}`, ...results.map((result) => `${result[name].ratio.toFixed(2)} (${result[name].microseconds.toFixed(1)})`)]);
    }
  }
  table("Signing in browsers, wall time as a ratio to plain JS + WebCrypto (µs a signature)", ["", ...sets], rows);
} finally {
  await served.close();
}

// Sending elsewhere: to an emulator on this machine, and through a server that holds the key.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { QingCloudClient } from "qingcloud-wasm";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { createHandler } from "qingcloud-wasm/server";
import { launchChromium } from "../browser.js";
import { Explorer, servePage } from "./explorer.js";

let server, strict, emulator, handler, browser, page;
before(async () => {
  server = await servePage("");
  strict = await servePage();
  emulator = await serveEmulator({ cors: true });
  handler = await serveHandler(new URL(server.url).origin);
  browser = await launchChromium();
  page = await Explorer.open(browser, server.url);
});
after(() => Promise.all([browser.close(), server.close(), strict.close(), emulator.close(), handler.close()]));

const key = () => ({ accessKeyId: emulator.emulator.accessKeyId, secretAccessKey: emulator.emulator.secretAccessKey });

/** A server of the user's own, for a page of `origin`. */
async function serveHandler(origin) {
  const client = new QingCloudClient({ ...key(), endpoint: emulator.url });
  const handle = createHandler({ client, allow: { DescribeZones: { zones: ["pek3a"] } }, authorize: () => true, origins: [origin] });
  const http = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-allow-headers", "content-type");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = await handle(new Request(`http://${request.headers.host}${request.url}`, { method: request.method, headers: request.headers, body: Buffer.concat(chunks) }));
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${http.address().port}/api/qingcloud`, close: () => new Promise((resolve) => (http.close(resolve), http.closeAllConnections(), client.free())) };
}

async function sendTo(target, url) {
  await page.fill(".target select", target);
  await page.fill(".address input", url);
  await page.click(".send-bar .primary");
  return page.text("article.answer");
}

test("a call goes to the emulator on this machine, signed for its address", async () => {
  await page.goto(`${server.url}#/DescribeZones?zone=pek3a`);
  await page.fill("#access-key-id", key().accessKeyId);
  await page.fill("#secret-access-key", key().secretAccessKey);
  assert.match(await sendTo("local", emulator.url), /zone_set/);
  await page.tab("Signature");
  await page.until(`document.querySelector("#url").textContent.startsWith(${JSON.stringify(emulator.url)})`);
  assert.equal(emulator.emulator.requests.at(-1).action, "DescribeZones");
});

test("a call goes through a server that holds the key", async () => {
  await page.goto(`${server.url}#/DescribeZones?zone=pek3a`);
  assert.match(await sendTo("remote", handler.url), /zone_set/);
  await page.goto(`${server.url}#/DescribeInstances?zone=pek3a`);
  assert.match(await sendTo("remote", handler.url), /DescribeInstances/);
});

test("a place that nobody listens at is an error that says what to look at", async () => {
  await page.goto(`${server.url}#/CreateProject?zone=pek3a`);
  assert.match(await sendTo("local", "http://127.0.0.1:9/iaas/"), /No connection.*CORS/s);
});

test("where the page's own policy forbids it, the page says so", async () => {
  await page.goto(`${strict.url}#/CreateProject?zone=pek3a`);
  const said = await sendTo("local", emulator.url);
  assert.match(said, /Content-Security-Policy.*No: nothing was changed/s);
  assert.ok(said.includes(new URL(emulator.url).origin));
  // The address may be on its way to another while that is still on show.
  await page.fill(".address input", "http://");
  await page.says("article.answer", new RegExp(new URL(emulator.url).origin));
  assert.match(await sendTo("remote", "http://"), /A setting is wrong.*remote: "url"/s);
});

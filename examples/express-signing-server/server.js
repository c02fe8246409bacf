// A server that holds the key, and a page that makes calls through it. The page never sees the key.
//
//   QINGCLOUD_ACCESS_KEY_ID=… QINGCLOUD_SECRET_ACCESS_KEY=… QINGCLOUD_ZONE=pek3a node server.js

import { createRequire } from "node:module";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import express from "express";
import { QingCloudClient } from "qingcloud-wasm";
import { fromEnv } from "qingcloud-wasm/node";
import { createHandler } from "qingcloud-wasm/server";

const app = express();

// Sessions, as small as they can be: put your own log-in here.
const sessions = new Map();

app.post("/login", express.urlencoded(), (request, response) => {
  const { user } = request.body;
  if (!/^[a-z]{1,20}$/.test(user ?? "")) return response.status(400).send("who are you?");
  const session = randomBytes(16).toString("hex");
  sessions.set(session, user);
  response.cookie("session", session, { httpOnly: true, sameSite: "strict" }).redirect("/");
});

const zones = ["pek3a"];

const handle = createHandler({
  client: new QingCloudClient(fromEnv()),
  // What is not listed is refused: other actions, other parameters, values out of bounds.
  allow: {
    DescribeInstances: { zones, params: { status: { values: ["running", "stopped"], maxItems: 2 }, limit: { max: 100 }, offset: { min: 0 } } },
    StopInstances: { zones, params: { instances: { pattern: /i-[a-z0-9]+/, maxItems: 1 } } },
    // Waiting needs it.
    DescribeJobs: { zones, params: { jobs: { pattern: /j-[a-z0-9]+/, maxItems: 100 }, limit: { max: 100 } } },
  },
  // Who may call: gives the user's name, or nothing.
  authorize: (request) => sessions.get(/(?:^|; )session=([0-9a-f]{32})/.exec(request.headers.get("cookie") ?? "")?.[1]),
});

app.post("/qingcloud", async (request, response) => {
  const answer = await handle(toRequest(request, response));
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
});

/** Express gives Node's request; the handler takes that of the web. */
function toRequest(request, response) {
  const leaving = new AbortController();
  response.on("close", () => leaving.abort());
  return new Request(new URL(request.originalUrl, `${request.protocol}://${request.get("host")}`), {
    method: request.method,
    headers: Object.entries(request.headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value])),
    body: Readable.toWeb(request),
    duplex: "half",
    signal: leaving.signal,
  });
}

// The page imports the package as it is; a bundler would do as well.
const packageFolder = dirname(createRequire(import.meta.url).resolve("qingcloud-wasm/package.json"));
app.use("/qingcloud-wasm", express.static(packageFolder));
app.use((_request, response, next) => {
  // WebAssembly needs 'wasm-unsafe-eval', and nothing else does.
  response.set("content-security-policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; frame-ancestors 'none'");
  next();
});
app.use(express.static(fileURLToPath(new URL("page", import.meta.url))));

const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});

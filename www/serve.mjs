// Serves a folder over HTTP on 127.0.0.1, for the demonstration and the tests. GET only, nothing outside the folder.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * @param {string} folder
 * @param {{ port?: number, headers?: Record<string, string> }} [options] `port` 0 takes a free one; `headers` go with every answer
 * @returns {Promise<{ url: string, close(): Promise<void> }>} `url` ends with a slash
 */
export async function serveFolder(folder, { port = 0, headers = {} } = {}) {
  const server = createServer(async (request, response) => {
    try {
      const file = await find(folder, request);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers });
      createReadStream(file).on("error", () => response.destroy()).pipe(response);
    } catch {
      response.writeHead(404, { "content-type": "text/plain", ...headers }).end("Not found\n");
    }
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

async function find(folder, { method, url }) {
  if (method !== "GET") throw new Error("only GET");
  const path = normalize(decodeURIComponent(new URL(url, "http://127.0.0.1").pathname));
  if (path.split(sep).includes("..")) throw new Error("outside");
  const file = join(folder, path);
  return (await stat(file)).isDirectory() ? join(file, "index.html") : file;
}

// The emulator behind a socket, for clients that are not JavaScript. Listens on 127.0.0.1 only.

import { createServer } from "node:http";
import { Emulator } from "./emulator.js";
import { CUT, HANDLE, HANG, LOST } from "./emulator-class.js";
import { QingCloudError } from "./error.js";

// More than any call of the API needs; what is longer is cut off with the connection.
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export async function serveEmulator(options = {}) {
  if (typeof options !== "object" || options === null) throw wrong("options must be an object");
  const { port = 0, cors = false, ...rest } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw wrong("\"port\" must be a whole number from 0 to 65535");
  if (typeof cors !== "boolean") throw wrong("\"cors\" must be true or false");
  const emulator = new Emulator(rest);
  const delayed = new Set();
  const server = createServer((request, response) => receive(emulator, cors, delayed, request, response));
  try {
    await new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  } catch (cause) {
    emulator.free();
    throw wrong(`it cannot listen on port ${port}; give another one, or 0 for any that is free`, cause);
  }
  return {
    url: `http://127.0.0.1:${server.address().port}/iaas/`,
    emulator,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        // Nobody is there any more to be answered.
        delayed.forEach(clearTimeout);
      }),
  };
}

function wrong(problem, cause) {
  return new QingCloudError({ kind: "options", message: `serveEmulator: ${problem}`, cause });
}

function receive(emulator, cors, delayed, request, response) {
  const chunks = [];
  let length = 0;
  request.on("error", () => {});
  response.on("error", () => {});
  request.on("data", (chunk) => {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) request.destroy();
    else chunks.push(chunk);
  });
  request.on("end", () => {
    if (cors) allow(request, response);
    if (cors && request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    // Node gives the target as it came, byte for byte.
    const target = Buffer.from(request.url, "latin1").toString();
    let handled;
    try {
      handled = emulator[HANDLE](request.method, target, Buffer.concat(chunks));
    } catch (error) {
      // It was freed, or its clock is none: the tests of whoever did so should see it, and go on.
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(`${error.message}\n`);
      return;
    }
    answer(handled, delayed, response);
  });
}

function allow(request, response) {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "date, retry-after, x-qingcloud-emulator");
  response.setHeader("access-control-allow-methods", "GET, POST, OPTIONS");
  const wanted = request.headers["access-control-request-headers"];
  if (wanted) response.setHeader("access-control-allow-headers", wanted);
}

function answer({ status, headers, body, delayMs, delivery }, delayed, response) {
  const send = () => {
    if (delivery === HANG || response.destroyed) return;
    if (delivery === LOST) {
      response.socket?.destroy();
      return;
    }
    const bytes = Buffer.from(body);
    for (const [name, value] of headers) response.setHeader(name, value);
    response.setHeader("content-length", bytes.length);
    response.writeHead(status);
    if (delivery !== CUT) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
  };
  if (delayMs > 0) {
    const timer = setTimeout(() => {
      delayed.delete(timer);
      send();
    }, delayMs);
    delayed.add(timer);
  } else {
    send();
  }
}

// Networks that documents speak of: one that has a proxy as its only way out, one with a certificate authority of its own.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttp, request } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";

/** The `skip` of blocks that need a certificate. */
export const withoutCertificates = spawnSync("openssl", ["version"]).status === 0 ? false : "openssl, which makes the certificates, is not on this machine";

/** `(emulator's URL, folder, run(environment))`, for each word that a document can say. */
export const behind = {
  async proxy(url, folder, run) {
    const service = await serveTls(url, folder);
    let tunnels = 0;
    const proxy = createHttp((_, response) => response.writeHead(405).end());
    proxy.on("connect", (wanted, socket) => {
      // Wherever it wants to go, it comes to the emulator; but it must want the service.
      if (wanted.url !== "api.qingcloud.com:443") return socket.destroy();
      tunnels += 1;
      const tunnel = connect(service.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(tunnel).pipe(socket);
      });
      for (const end of [socket, tunnel]) end.on("error", () => (socket.destroy(), tunnel.destroy()));
    });
    const { port, close } = await listen(proxy);
    try {
      const printed = await run({ HTTPS_PROXY: `http://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: service.authority });
      if (tunnels === 0) throw new Error("nothing came through the proxy");
      return printed;
    } finally {
      await Promise.all([close(), service.close()]);
    }
  },

  async "private CA"(url, folder, run) {
    const service = await serveTls(url, folder);
    try {
      return await run({ QINGCLOUD_ENDPOINT: `https://localhost:${service.port}/iaas/` });
    } finally {
      await service.close();
    }
  },
};

/** Serves what is at `url` over TLS, with a certificate of the authority `my-ca.pem` in `folder`. */
async function serveTls(url, folder) {
  const file = (name) => join(folder, name);
  const openssl = (...argv) => execFileSync("openssl", argv, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "my-ca.pem", "-days", "2", "-subj", "/CN=Test authority");
  openssl("req", ...newKey, "-keyout", "service.key", "-out", "service.csr", "-subj", "/CN=localhost");
  writeFileSync(file("service.ext"), "subjectAltName=DNS:localhost,DNS:api.qingcloud.com\n");
  openssl("x509", "-req", "-in", "service.csr", "-CA", "my-ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "service.ext", "-out", "service.pem");
  const server = createHttps({ key: readFileSync(file("service.key")), cert: readFileSync(file("service.pem")) }, (incoming, response) => {
    const { hostname, port } = new URL(url);
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  return { ...(await listen(server)), authority: file("my-ca.pem") };
}

async function listen(server) {
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

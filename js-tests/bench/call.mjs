// What `call` costs beyond its `fetch`: over a stub, and over a server on 127.0.0.1.
//
// Usage: node bench/call.mjs [rounds]

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { QingCloudClient } from "qingcloud-wasm";
import { alternate, median, ratio, table, wallTime } from "./harness.js";

const OPTIONS = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3" };
const ACTION = ["DescribeJobs", { jobs: ["j-b3bdgbzi"], limit: 100 }];
const ANSWER = JSON.stringify({
  action: "DescribeJobsResponse",
  job_set: [{ job_id: "j-b3bdgbzi", job_action: "StartInstances", status: "successful", resource_ids: "i-6ycjxrnw", create_time: "2026-01-01T00:00:00Z", status_time: "2026-01-01T00:00:20Z", owner: "usr-b4rudlzg" }],
  total_count: 1,
  ret_code: 0,
});

/** The least that a `fetch` of a test has to give. */
const plain = { status: 200, headers: new Headers({ "content-type": "application/json" }), text: async () => ANSWER };
const STUBS = {
  "a plain object": async () => plain,
  "a Response": async () => new Response(ANSWER, { headers: { "content-type": "application/json" } }),
};

/** Processor time in µs over awaiting the stub and parsing what it gave, for each stub. */
async function overStub(rounds, calls = 2000) {
  const rows = [];
  for (const [name, stub] of Object.entries(STUBS)) {
    const client = new QingCloudClient({ ...OPTIONS, fetch: stub });
    const url = client.signUrl(...ACTION);
    const init = { method: "GET" };
    const times = await alternate(
      {
        bare: async () => {
          for (let call = 0; call < calls; call += 1) JSON.parse(await (await stub(url, init)).text());
        },
        call: async () => {
          for (let call = 0; call < calls; call += 1) await client.call(...ACTION);
        },
        signUrl: () => {
          for (let call = 0; call < calls; call += 1) client.signUrl(...ACTION);
        },
      },
      { rounds },
    );
    client.free();
    const micros = (name) => median(times[name]) / calls;
    rows.push({ name, added: median(times.call.map((time, round) => time - times.bare[round])) / calls, bare: micros("bare"), signing: micros("signUrl") });
  }
  return rows;
}

/** `client.call` against `fetch` and `json()` of an address signed before, by processor time of this process. */
async function overLoopback(rounds, calls = 300) {
  const server = fork(fileURLToPath(import.meta.url), ["serve"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  try {
    const [port] = await once(server, "message");
    const client = new QingCloudClient({ ...OPTIONS, endpoint: `http://127.0.0.1:${port}/iaas/` });
    const url = client.signUrl(...ACTION);
    const work = {
      bare: async () => {
        for (let call = 0; call < calls; call += 1) await (await fetch(url)).json();
      },
      call: async () => {
        for (let call = 0; call < calls; call += 1) await client.call(...ACTION);
      },
    };
    const result = {};
    for (const [name, clock] of [["processor time", undefined], ["wall time", wallTime]]) {
      const { bare, call } = await alternate(work, { rounds, clock });
      result[name] = { ratio: ratio(call, bare), bare: median(bare) / calls, call: median(call) / calls };
    }
    client.free();
    return result;
  } finally {
    server.disconnect();
  }
}

async function serve() {
  const { createServer } = await import("node:http");
  const server = createServer((_, response) => response.setHeader("content-type", "application/json").end(ANSWER));
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
  process.on("disconnect", () => process.exit());
}

if (process.argv[2] === "serve") {
  await serve();
} else {
  const rounds = Number(process.argv[2] ?? 41);
  const stubbed = await overStub(rounds);
  table(
    "A call over a stubbed fetch, processor time in µs",
    ["fetch gives", "awaiting it and JSON.parse", "call adds", "must be", "of which signUrl"],
    stubbed.map(({ name, bare, added, signing }) => [name, bare.toFixed(1), added.toFixed(1), "≤ 15", signing.toFixed(1)]),
  );
  const served = await overLoopback(rounds);
  table(
    "A call to a server on 127.0.0.1",
    ["", "fetch + json() µs", "call µs", "ratio", "must be"],
    Object.entries(served).map(([name, { bare, call, ratio }]) => [name, bare.toFixed(0), call.toFixed(0), ratio.toFixed(2), "≤ 1.15"]),
  );
}

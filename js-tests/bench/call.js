// What `call` costs beyond its `fetch`.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { QingCloudClient } from "qingcloud-wasm";
import { alternate, median, ratio, wallTime } from "./harness.js";

const OPTIONS = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3" };
const ACTION = ["DescribeJobs", { jobs: ["j-b3bdgbzi"], limit: 100 }];
export const ANSWER = JSON.stringify({
  action: "DescribeJobsResponse",
  job_set: [{ job_id: "j-b3bdgbzi", job_action: "StartInstances", status: "successful", resource_ids: "i-6ycjxrnw", create_time: "2026-01-01T00:00:00Z", status_time: "2026-01-01T00:00:20Z", owner: "usr-b4rudlzg" }],
  total_count: 1,
  ret_code: 0,
});

/** The least that a `fetch` of a test has to give. */
const least = { status: 200, headers: new Headers({ "content-type": "application/json" }), text: async () => ANSWER };
const STUBS = {
  "a plain object": async () => least,
  "a Response": async () => new Response(ANSWER, { headers: { "content-type": "application/json" } }),
};

/** Processor time in µs: `bare` of awaiting a stub and parsing what it gave, `added` by a call, `signing` of it. */
export async function overStub(rounds, calls = 2000) {
  const results = {};
  for (const [name, stub] of Object.entries(STUBS)) {
    const client = new QingCloudClient({ ...OPTIONS, fetch: stub });
    const url = client.signUrl(...ACTION);
    const init = { method: "GET" };
    const { bare, call, signing } = await alternate(
      {
        bare: async () => {
          for (let number = 0; number < calls; number += 1) JSON.parse(await (await stub(url, init)).text());
        },
        call: async () => {
          for (let number = 0; number < calls; number += 1) await client.call(...ACTION);
        },
        signing: () => {
          for (let number = 0; number < calls; number += 1) client.signUrl(...ACTION);
        },
      },
      { rounds },
    );
    client.free();
    const added = call.map((time, round) => time - bare[round]);
    results[name] = { bare: median(bare) / calls, added: median(added) / calls, signing: median(signing) / calls };
  }
  return results;
}

/**
 * µs of `fetch` and `json()` (`bare`) of an address that was signed before, of the same with what no call can do without
 * (`least`: a signature each, a signal to end it), and of `client.call`, by the processor time of this process and by the
 * wall clock. The server is a process of its own.
 */
export async function overLoopback(rounds, calls = 300) {
  const server = fork(fileURLToPath(new URL("call-server.js", import.meta.url)));
  try {
    const [port] = await once(server, "message");
    const client = new QingCloudClient({ ...OPTIONS, endpoint: `http://127.0.0.1:${port}/iaas/` });
    const url = client.signUrl(...ACTION);
    const work = {
      bare: async () => {
        for (let number = 0; number < calls; number += 1) await (await fetch(url)).json();
      },
      least: async () => {
        for (let number = 0; number < calls; number += 1) {
          const { signal } = new AbortController();
          await (await fetch(client.signUrl(...ACTION), { signal })).json();
        }
      },
      call: async () => {
        for (let number = 0; number < calls; number += 1) await client.call(...ACTION);
      },
    };
    const results = {};
    for (const [name, clock] of [["processor time", undefined], ["wall time", wallTime]]) {
      const { bare, least, call } = await alternate(work, { rounds, clock });
      results[name] = { bare: median(bare) / calls, least: ratio(least, bare), call: median(call) / calls, ratio: ratio(call, bare) };
    }
    client.free();
    return results;
  } finally {
    server.disconnect();
  }
}

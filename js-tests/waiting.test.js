import assert from "node:assert/strict";
import { test } from "node:test";
import { listOf, stubClient } from "./stub.js";

const QUICK = { minIntervalMs: 5, maxIntervalMs: 10 };

/** Jobs that are under way for `polls` polls and then end as `ends` says. */
function jobService(polls = 2, ends = {}) {
  const seen = {};
  return (parameters) => {
    if (parameters.action !== "DescribeJobs") return { ret_code: 0, job_id: "j-1", instances: ["i-1"] };
    return {
      ret_code: 0,
      job_set: listOf(parameters, "jobs").map((job_id) => {
        seen[job_id] = (seen[job_id] ?? 0) + 1;
        return { job_id, job_action: "RunInstances", status: seen[job_id] > polls ? (ends[job_id] ?? "successful") : "working" };
      }),
    };
  };
}

test("waitForJobs gives the jobs in the order they were asked for", async () => {
  const { client } = stubClient(jobService());
  const jobs = await client.waitForJobs(["j-b", "j-a"], QUICK);
  assert.deepEqual(jobs.map(({ job_id, status }) => [job_id, status]), [["j-b", "successful"], ["j-a", "successful"]]);
});

test("fifty waits share each poll", async () => {
  const { client, sent } = stubClient(jobService(2));
  await Promise.all(Array.from({ length: 50 }, (_, index) => client.waitForJobs(`j-${index}`, { minIntervalMs: 20, maxIntervalMs: 20 })));
  assert.equal(sent.length, 3);
  assert.ok(sent.every((parameters) => listOf(parameters, "jobs").length === 50 && parameters.limit === "100"));
});

test("waits whose pauses differ share each poll as well", async () => {
  const looks = async (waits) => {
    const { client, sent } = stubClient(jobService(12));
    await Promise.all(Array.from({ length: waits }, (_, index) => client.waitForJobs(`j-${index}`, { minIntervalMs: 4, maxIntervalMs: 60 })));
    return sent.length;
  };
  assert.equal(await looks(1), 13);
  assert.equal(await looks(50), 13);
});

test("a wait that the client's end cuts short says its zone", async () => {
  const { client } = stubClient(jobService(1e9));
  const waits = [client.waitForJobs("j-1", { zone: "gd2" }), client.waitFor("DescribeInstances", {}, { status: "running" })];
  const ended = Promise.allSettled(waits);
  await new Promise(setImmediate);
  client.free();
  assert.deepEqual((await ended).map(({ reason }) => [reason.kind, reason.zone]), [["options", "gd2"], ["options", "pek3"]]);
});

test("a request asks for a hundred jobs at most", async () => {
  const { client, sent } = stubClient(jobService(0));
  await client.waitForJobs(Array.from({ length: 250 }, (_, index) => `j-${index}`), QUICK);
  assert.deepEqual(sent.map((parameters) => listOf(parameters, "jobs").length), [100, 100, 50]);
});

test("a look at more jobs than one request asks for counts once", async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `j-${index}`);
  const events = [];
  const onEvent = ({ type, done, total }) => type === "wait" && events.push([done, total]);
  const service = jobService(1);
  let requests = 0;
  const { client } = stubClient((parameters) => ((requests += 1) === 2 ? { ret_code: 5000 } : service(parameters)), { onEvent, maxAttempts: 1 });
  const told = [];
  await client.waitForJobs(ids, { ...QUICK, onProgress: ({ done, total, jobs }) => told.push([done, total, jobs.length]) });
  assert.deepEqual(told, [[0, 250, 150], [150, 250, 250], [250, 250, 250]]);
  assert.deepEqual(events, told.map(([done, total]) => [done, total]));
  const endless = stubClient(jobService(1e9));
  await assert.rejects(endless.client.waitForJobs(ids, { ...QUICK, waitLimitMs: 60 }), ({ polls }) => polls >= 1 && Math.abs(polls - endless.sent.length / 3) <= 1);
});

test("a look that shows a failed job ends the wait, and no more of it is sent", async () => {
  const events = [];
  const { client, sent } = stubClient(jobService(0, { "j-1": "failed" }), { onEvent: ({ type, done, total }) => type === "wait" && events.push([done, total]) });
  const told = [];
  const ids = Array.from({ length: 250 }, (_, index) => `j-${index}`);
  await assert.rejects(client.waitForJobs(ids, { ...QUICK, onProgress: ({ done, total }) => told.push([done, total]) }), { kind: "job" });
  assert.deepEqual([sent.length, told, events], [1, [[99, 250]], [[99, 250]]]);
});

test("a wait that begins while another looks at its jobs is told of them", async () => {
  let second;
  const service = jobService(0);
  const { client } = stubClient((parameters) => {
    second ??= client.waitForJobs("j-5", QUICK);
    return service(parameters);
  });
  await client.waitForJobs(Array.from({ length: 150 }, (_, index) => `j-${index}`), QUICK);
  assert.equal((await second)[0].job_id, "j-5");
});

test("zones are polled apart", async () => {
  const { client, sent } = stubClient(jobService(0));
  await Promise.all([client.waitForJobs("j-1", QUICK), client.waitForJobs("j-2", { ...QUICK, zone: "gd2" })]);
  assert.deepEqual(sent.map(({ zone }) => zone).sort(), ["gd2", "pek3"]);
});

test("a job that fails ends the wait with an error that names it", async () => {
  for (const status of ["failed", "done with failure"]) {
    const { client } = stubClient(jobService(0, { "j-2": status }));
    await assert.rejects(client.waitForJobs(["j-1", "j-2"], QUICK), (error) => {
      assert.equal(error.kind, "job");
      assert.equal(error.outcome, "executed");
      assert.equal(error.action, "RunInstances");
      assert.equal(error.response.job_id, "j-2");
      assert.match(error.message, /j-2.*RunInstances.*"/);
      return true;
    });
  }
});

test("a status nobody knows keeps waiting", async () => {
  let polls = 0;
  const { client } = stubClient(() => ({ ret_code: 0, job_set: [{ job_id: "j-1", status: (polls += 1) < 3 ? "queued somewhere" : "successful" }] }));
  await client.waitForJobs("j-1", QUICK);
  assert.equal(polls, 3);
});

test("a wait that lasts too long says what it saw last", async () => {
  const { client } = stubClient(jobService(1e9));
  await assert.rejects(client.waitForJobs("j-1", { ...QUICK, waitLimitMs: 60 }), (error) => {
    assert.equal(error.kind, "timeout");
    assert.equal(error.lastStatus, "working");
    assert.ok(error.polls >= 2);
    assert.ok(error.retryable);
    return true;
  });
});

test("a permanent error ends a wait at once, a passing one does not", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 1200, message: "auth failure" }));
  await assert.rejects(client.waitForJobs("j-1", QUICK), { kind: "api", retCode: 1200 });
  assert.equal(sent.length, 1);
  let polls = 0;
  const passing = stubClient(() => ((polls += 1) < 3 ? { ret_code: 5000 } : { ret_code: 0, job_set: [{ job_id: "j-1", status: "successful" }] }), { maxAttempts: 1 });
  await passing.client.waitForJobs("j-1", QUICK);
  assert.equal(polls, 3);
});

test("onProgress is told, and what it throws changes nothing", async () => {
  const { client } = stubClient(jobService(1));
  const told = [];
  await client.waitForJobs(["j-1", "j-2"], { ...QUICK, onProgress: (progress) => { told.push(progress); throw new Error("listener"); } });
  assert.deepEqual(told.map(({ done, total, jobs }) => [done, total, jobs.length]), [[0, 2, 2], [2, 2, 2]]);
});

test("an abort ends a wait with the caller's reason and leaves no timer behind", async () => {
  const { client } = stubClient(jobService(1e9));
  const controller = new AbortController();
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 10);
  await assert.rejects(client.waitForJobs("j-1", { minIntervalMs: 60_000, maxIntervalMs: 60_000, signal: controller.signal }), (error) => error === reason);
  await new Promise(setImmediate);
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, 0);
});

test("free() ends a wait with an error", async () => {
  const { client } = stubClient(jobService(1e9));
  setTimeout(() => client.free(), 10);
  await assert.rejects(client.waitForJobs("j-1", { minIntervalMs: 60_000, maxIntervalMs: 60_000 }), { kind: "options", action: "waitForJobs" });
  const other = stubClient(() => ({ ret_code: 0, instance_set: [] }));
  setTimeout(() => other.client.free(), 10);
  await assert.rejects(other.client.waitFor("DescribeInstances", {}, { status: "running" }), { kind: "options", action: "DescribeInstances" });
});

test("callAndWait gives the call's answer once its jobs are done", async () => {
  const { client, sent } = stubClient(jobService(1));
  const answer = await client.callAndWait("RunInstances", { image_id: "centos73x64", login_mode: "passwd" }, QUICK);
  assert.deepEqual(answer.instances, ["i-1"]);
  assert.deepEqual(sent.map(({ action }) => action), ["RunInstances", "DescribeJobs", "DescribeJobs"]);
});

test("callAndWait never says that what was accepted may be done again, and hands the answer on", async () => {
  const run = ["RunInstances", { image_id: "centos73x64", login_mode: "passwd" }];
  const accepted = { ret_code: 0, job_id: "j-1", instances: ["i-1"] };
  const under = stubClient(jobService(1e9));
  const refused = stubClient(({ action }) => (action === "DescribeJobs" ? { ret_code: 1400, message: "no" } : accepted));
  const freed = stubClient(jobService(1e9));
  for (const [client, kind] of [[under.client, "timeout"], [refused.client, "api"], [freed.client, "options"]]) {
    if (client === freed.client) setTimeout(() => client.free(), 30);
    await assert.rejects(client.callAndWait(...run, { ...QUICK, waitLimitMs: kind === "timeout" ? 60 : 10_000 }), (error) => {
      assert.deepEqual([error.kind, error.outcome, error.retryable, error.response], [kind, "executed", false, accepted]);
      return true;
    });
  }
  const failed = stubClient(jobService(0, { "j-1": "failed" }));
  await assert.rejects(failed.client.callAndWait(...run, QUICK), ({ kind, outcome, response }) => kind === "job" && outcome === "executed" && response.job_id === "j-1");
});

test("a job that the service refuses to tell of ends the waits for it and no others", async () => {
  const service = jobService(1);
  const { client } = stubClient((parameters) => (listOf(parameters, "jobs").includes("j-bad") ? { ret_code: 2100, message: "not found" } : service(parameters)));
  const waits = ["j-1", ["j-2", "j-bad"], "j-3"].map((ids) => client.waitForJobs(ids, QUICK));
  const ends = await Promise.allSettled(waits);
  assert.deepEqual(ends.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.equal(ends[1].reason.retCode, 2100);
});

test("callAndWait returns at once when there is no job", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0, project_id: "pj-1" }));
  await client.callAndWait("CreateProject", { project_name: "p" });
  assert.equal(sent.length, 1);
});

test("job_ids, global_job_id and a map of jobs count", async () => {
  for (const [answer, ids] of [
    [{ job_ids: ["j-1", "j-2"] }, ["j-1", "j-2"]],
    [{ global_job_id: "j-3" }, ["j-3"]],
    [{ job_id: JSON.stringify({ "i-1": "j-4", "i-2": "j-5" }) }, ["j-4", "j-5"]],
  ]) {
    const service = jobService(0);
    const { client, sent } = stubClient((parameters) => (parameters.action === "DescribeJobs" ? service(parameters) : { ret_code: 0, ...answer }));
    await client.callAndWait("StopInstances", { instances: ["i-1"] }, QUICK);
    assert.deepEqual(listOf(sent[1], "jobs").sort(), ids);
  }
});

test("waitFor ends when all that were asked for are there and still", async () => {
  const shown = [
    [],
    [{ instance_id: "i-1", status: "running", transition_status: "" }],
    [{ instance_id: "i-1", status: "running", transition_status: "" }, { instance_id: "i-2", status: "running", transition_status: "starting" }],
    [{ instance_id: "i-1", status: "running", transition_status: "" }, { instance_id: "i-2", status: "running", transition_status: "" }],
  ];
  const events = [];
  const progress = [];
  const { client, sent } = stubClient(
    () => {
      const instance_set = shown.length > 1 ? shown.shift() : shown[0];
      return { ret_code: 0, total_count: instance_set.length, instance_set };
    },
    { onEvent: (event) => event.type === "wait" && events.push(event) },
  );
  const onProgress = ({ done, total }) => progress.push([done, total]);
  const items = await client.waitFor("DescribeInstances", { instances: ["i-1", "i-2"] }, { ...QUICK, status: "running", onProgress });
  assert.equal(items.length, 2);
  assert.equal(sent.length, 4);
  assert.deepEqual(progress, [[0, 2], [1, 2], [1, 2], [2, 2]]);
  assert.deepEqual(events.map(({ zone, done, total }) => [zone, done, total]), progress.map((seen) => ["pek3", ...seen]));
});

test("waitFor counts an id that is asked for twice once, and knows irregular plurals", async () => {
  const instances = stubClient(() => ({ ret_code: 0, total_count: 1, instance_set: [{ instance_id: "i-1", status: "running" }] }));
  assert.equal((await instances.client.waitFor("DescribeInstances", { instances: ["i-1", "i-1"] }, { ...QUICK, status: "running", waitLimitMs: 2000 })).length, 1);
  for (const [action, name, field, id] of [["DescribeDNSAliases", "dns_aliases", "dns_alias_set", "dns_alias_id"], ["DescribeAlarmPolicies", "alarm_policies", "alarm_policy_set", "alarm_policy_id"]]) {
    let polls = 0;
    const { client } = stubClient(() => {
      polls += 1;
      return { ret_code: 0, [field]: ["a-1", "a-2"].slice(0, polls).map((text) => ({ [id]: text, status: "ok" })) };
    });
    assert.equal((await client.waitFor(action, { [name]: ["a-1", "a-2"] }, { ...QUICK, status: "ok" })).length, 2, action);
  }
});

test("waitFor looks once more before its end, however short that is", async () => {
  let polls = 0;
  const { client } = stubClient(() => ({ ret_code: 0, total_count: 1, instance_set: [{ instance_id: "i-1", status: (polls += 1) > 1 ? "running" : "pending" }] }));
  await client.waitFor("DescribeInstances", { instances: ["i-1"] }, { status: "running", waitLimitMs: 400 });
  assert.equal(polls, 2);
});

test("waitFor keeps waiting on an empty list, and its time-out says so", async () => {
  const { client } = stubClient(() => ({ ret_code: 0, total_count: 0, instance_set: [] }));
  await assert.rejects(client.waitFor("DescribeInstances", {}, { ...QUICK, waitLimitMs: 40, status: ["running", "stopped"] }), { kind: "timeout" });
});

test("an end that was not asked for is an error at once", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0, total_count: 1, instance_set: [{ instance_id: "i-1", status: "ceased", transition_status: "" }] }));
  await assert.rejects(client.waitFor("DescribeInstances", { instances: ["i-1"] }, { ...QUICK, status: "running" }), (error) => {
    assert.equal(error.kind, "job");
    assert.equal(error.lastStatus, "ceased");
    return true;
  });
  assert.equal(sent.length, 1);
});

test("options of waits are checked", async () => {
  const { client } = stubClient(jobService());
  await assert.rejects(client.waitForJobs("j-1", { interval: 5 }), { kind: "options" });
  await assert.rejects(client.waitForJobs("j-1", { waitLimitMs: -1 }), { kind: "options" });
  await assert.rejects(client.waitForJobs([]), { kind: "parameters" });
  await assert.rejects(client.waitForJobs([5]), { kind: "parameters" });
  await assert.rejects(client.waitFor("DescribeInstances", {}, {}), { kind: "parameters" });
  await assert.rejects(client.waitFor("RunInstances", {}, { status: "running" }), { kind: "parameters" });
});

test("a wait says the zone that it looks in", async () => {
  const told = [];
  const service = ({ zone }) => ({ ret_code: 0, total_count: 1, instance_set: [{ instance_id: "i-1", status: zone === "sh1a" ? "ceased" : "running" }] });
  const { client } = stubClient(service, { onEvent: ({ type, zone }) => type === "wait" && told.push(zone) });
  const lost = (params, zone) => assert.rejects(client.waitFor("DescribeInstances", { instances: ["i-1"], ...params }, { status: "running", zone }), { kind: "job", zone: "sh1a" });
  await lost({ zone: "sh1a" });
  await lost({}, "sh1a");
  await client.waitFor("DescribeInstances", { instances: ["i-1"] }, { status: "running" });
  await client.waitFor("DescribeInstances", { instances: ["i-1"], zone: "gd2" }, { status: "running" });
  assert.deepEqual(told, ["pek3", "gd2"]);
});

test("a list of statuses that throws when it is read rejects", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0, total_count: 0, instance_set: [] }));
  const throwing = Object.defineProperty(["running"], 0, { get() { throw new Error("getter"); } });
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  for (const status of [throwing, proxy]) await assert.rejects(client.waitFor("DescribeInstances", {}, { status }), { kind: "options" });
  assert.equal(sent.length, 0);
});

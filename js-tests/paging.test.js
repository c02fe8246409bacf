import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, stubClient } from "./stub.js";

const instances = (count) => Array.from({ length: count }, (_, index) => ({ instance_id: `i-${index}`, status: "running" }));

/** Answers pages of `items`, at most 100 a page. */
const pagesOf = (items, rest = { total_count: items.length }) => ({ offset, limit }) => ({
  ret_code: 0,
  instance_set: items.slice(Number(offset), Number(offset) + Math.min(Number(limit), 100)),
  ...rest,
});

test("every item comes once, in as few requests as there are pages", async () => {
  for (const [count, requests] of [[0, 1], [1, 1], [100, 1], [101, 2], [250, 3]]) {
    const { client, sent } = stubClient(pagesOf(instances(count)));
    const items = await collect(client.paginate("DescribeInstances"));
    assert.deepEqual(items, instances(count));
    assert.equal(sent.length, requests, `${count} items`);
  }
});

test("limit is the page size and offset the start", async () => {
  const { client, sent } = stubClient(pagesOf(instances(50)));
  const items = await collect(client.paginate("DescribeInstances", { limit: 20, offset: "10" }));
  assert.equal(items.length, 40);
  assert.deepEqual(sent.map(({ offset, limit }) => [offset, limit]), [["10", "20"], ["30", "20"]]);
});

test("maxItems ends early and asks for no more than is left", async () => {
  const { client, sent } = stubClient(pagesOf(instances(250)));
  assert.equal((await collect(client.paginate("DescribeInstances", {}, { maxItems: 105 }))).length, 105);
  assert.deepEqual(sent.map(({ limit }) => limit), ["100", "5"]);
});

test("leaving the loop early sends nothing more", async () => {
  const { client, sent } = stubClient(pagesOf(instances(250)));
  for await (const instance of client.paginate("DescribeInstances")) if (instance.instance_id === "i-3") break;
  await new Promise(setImmediate);
  assert.equal(sent.length, 1);
});

test("pages gives the answers as they came, the empty one too", async () => {
  const { client } = stubClient(pagesOf(instances(150)));
  const answers = await collect(client.paginate("DescribeInstances").pages());
  assert.deepEqual(answers.map((answer) => answer.instance_set.length), [100, 50]);
  const { client: empty } = stubClient(pagesOf([]));
  assert.deepEqual((await collect(empty.paginate("DescribeInstances").pages())).length, 1);
});

test("a list without a total ends with a short page", async () => {
  const { client, sent } = stubClient(({ offset }) => ({
    ret_code: 0,
    loadbalancer_set: Number(offset) < 200 ? Array.from({ length: 100 }, (_, index) => ({ loadbalancer_id: `lb-${Number(offset) + index}` })) : [{ loadbalancer_id: "lb-last" }],
  }));
  assert.equal((await collect(client.paginate("DescribeLoadBalancers"))).length, 201);
  assert.equal(sent.length, 3);
});

test("an item that drifts to the next page comes once", async () => {
  const pages = [["a", "b"], ["b", "c"], ["d"]];
  const { client } = stubClient(() => ({ ret_code: 0, total_count: 5, instance_set: (pages.shift() ?? []).map((instance_id) => ({ instance_id })) }));
  const items = await collect(client.paginate("DescribeInstances", { limit: 2 }));
  assert.deepEqual(items.map(({ instance_id }) => instance_id), ["a", "b", "c", "d"]);
});

test("a service that ignores the offset does not loop for ever", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0, total_count: 1e9, instance_set: instances(20) }));
  assert.equal((await collect(client.paginate("DescribeInstances"))).length, 20);
  assert.equal(sent.length, 2);
});

test("parallel next() is safe", async () => {
  const { client, sent } = stubClient(pagesOf(instances(30)));
  const iterator = client.paginate("DescribeInstances", { limit: 10 })[Symbol.asyncIterator]();
  const results = await Promise.all(Array.from({ length: 32 }, () => iterator.next()));
  assert.deepEqual(results.filter(({ done }) => !done).map(({ value }) => value.instance_id), instances(30).map(({ instance_id }) => instance_id));
  assert.equal(sent.length, 3);
});

test("an action without pages is an error before anything is sent", () => {
  const { client, sent } = stubClient(pagesOf([]));
  for (const action of ["RunInstances", "DescribeZones"]) {
    assert.throws(() => client.paginate(action), (error) => error.kind === "parameters" && error.message.includes("use call"), action);
  }
  assert.equal(sent.length, 0);
});

test("a list action that the catalogue does not know is read by its _set", async () => {
  const { client } = stubClient(({ offset }) => ({ ret_code: 0, total_count: 2, thing_set: offset === "0" ? [{ thing_id: "t-1" }, { thing_id: "t-2" }] : [] }));
  assert.equal((await collect(client.paginate("DescribeBrandNewThings"))).length, 2);
});

test("an abort between pages rejects with the caller's reason", async () => {
  const { client, sent } = stubClient(pagesOf(instances(250)));
  const controller = new AbortController();
  const reason = new Error("enough");
  await assert.rejects(async () => {
    for await (const { instance_id } of client.paginate("DescribeInstances", {}, { signal: controller.signal })) if (instance_id === "i-99") controller.abort(reason);
  }, (error) => error === reason);
  assert.equal(sent.length, 1);
});

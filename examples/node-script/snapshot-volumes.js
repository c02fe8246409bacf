// Takes a snapshot of every volume that has none of today.
//
//   QINGCLOUD_ACCESS_KEY_ID=… QINGCLOUD_SECRET_ACCESS_KEY=… QINGCLOUD_ZONE=pek3a node snapshot-volumes.js

import { isQingCloudError, QingCloudClient } from "qingcloud-wasm";
import { fromEnv } from "qingcloud-wasm/node";

const today = new Date().toISOString().slice(0, 10);
const client = new QingCloudClient(fromEnv());

try {
  const done = new Set();
  // All pages, one request at a time, as the loop asks for more.
  for await (const snapshot of client.paginate("DescribeSnapshots", { status: ["pending", "available"] })) {
    if (snapshot.create_time.startsWith(today)) done.add(snapshot.resource.resource_id);
  }
  for await (const volume of client.paginate("DescribeVolumes", { status: ["available", "in-use"] })) {
    if (!done.has(volume.volume_id)) await takeSnapshot(volume.volume_id);
  }
} finally {
  client.free();
}

async function takeSnapshot(volume) {
  try {
    // Resolves when the job that the call starts is done.
    const { snapshots } = await client.callAndWait("CreateSnapshots", { resources: [volume], snapshot_name: `daily ${today}`, is_full: 0 });
    console.log(`${volume}: ${snapshots.join(", ")}`);
  } catch (error) {
    if (!isQingCloudError(error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    // The answer was lost: it may have been carried out. Repeating it could make a second snapshot, so the next
    // run looks at what is there instead.
    if (error.outcome === "unknown") console.error(`${volume}: left to the next run; ${error.readBack?.action ?? "look"} shows whether it was made`);
  }
}

// Lists the instances and stops them, through the server: there is no key here.

import { isQingCloudError, QingCloudClient } from "./qingcloud-wasm/index.js";

const client = new QingCloudClient({ remote: { url: "/qingcloud" }, zone: "pek3a" });
const list = document.querySelector("#instances");
const state = document.querySelector("#state");

async function show() {
  list.replaceChildren();
  for await (const { instance_id: id, instance_name: name, status } of client.paginate("DescribeInstances", { status: ["running", "stopped"] })) {
    const item = document.createElement("li");
    item.append(`${name || id}: ${status}`);
    if (status === "running") {
      const button = document.createElement("button");
      button.textContent = "Stop";
      button.onclick = () => tell(stop(id, button));
      item.append(button);
    }
    list.append(item);
  }
  state.textContent = `${list.children.length} instances`;
}

async function stop(id, button) {
  button.disabled = true;
  state.textContent = "Stopping…";
  await client.callAndWait("StopInstances", { instances: [id] });
  await show();
}

/** Errors arrive as they would without the server between. */
async function tell(work) {
  try {
    await work;
    document.querySelector("#login").hidden = true;
  } catch (error) {
    if (!isQingCloudError(error)) throw error;
    state.textContent = error.httpStatus === 403 ? "Log in first." : error.message;
  }
}

tell(show());

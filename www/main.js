// The page: signs what the form says, and sends it to an emulator in the page itself.

import { QingCloudClient } from "qingcloud-wasm";
import { Emulator } from "qingcloud-wasm/emulator";

const emulator = new Emulator();
const { accessKeyId, secretAccessKey, fetch } = emulator;
const client = new QingCloudClient({ accessKeyId, secretAccessKey, fetch });

const form = document.querySelector("#request");
const [url, answer, problem] = ["#url", "#answer", "#problem"].map((id) => document.querySelector(id));

form.addEventListener("input", () => attempt(sign));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(send);
});
attempt(sign);

function sign({ action, params }) {
  url.textContent = client.signUrl(action, params);
}

async function send({ action, params }) {
  answer.textContent = "";
  answer.textContent = JSON.stringify(await client.call(action, params), null, 2);
}

/** Does `work` with what the form says, and shows what is wrong with it, if anything. */
async function attempt(work) {
  problem.textContent = "";
  try {
    await work({ action: form.elements.action.value, params: JSON.parse(form.elements.params.value) });
  } catch (error) {
    problem.textContent = error.message;
  }
}

// The official Python SDK in a process of its own, which measures its own processor time.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { environment, findPython } from "../prove/python.mjs";

/** The SDK always sends a request id; whoever is compared with it must send the same. */
export const REQUEST_ID = "0123456789abcdef0123456789abcdef";

/** The SDK as a candidate, with `urls(inputs)` for a comparison; `undefined` where there is no Python 3. */
export function pythonCandidate(timeStamp) {
  const python = findPython();
  if (python === undefined) return undefined;
  const script = fileURLToPath(new URL("python-peer.py", import.meta.url));
  const peer = spawn(environment(python), ["-I", script, timeStamp, REQUEST_ID], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  const ask = async (inputs) => {
    peer.stdin.write(`${JSON.stringify(inputs)}\n`);
    const { done, value } = await lines.next();
    if (done) throw new Error("the Python SDK's process ended");
    return JSON.parse(value);
  };
  return {
    run: async (inputs) => (await ask(inputs)).microseconds,
    urls: async (inputs) => (await ask(inputs)).urls,
    end: () => peer.stdin.end(),
  };
}

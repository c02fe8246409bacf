// Reads the body of a request as one unambiguous JSON value, within bounds of size and time.

const LIMIT_MS = 10_000;

/** Gives `{ value }`, or `{ problem }`: "large", "slow", "cut" or "json". */
export async function readBody(request, maxBytes) {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return { problem: "large" };
  const reader = request.body?.getReader();
  if (reader === undefined) return { problem: "json" };
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, { problem: "slow" });
  });
  const read = await Promise.race([readBytes(reader, maxBytes), late]);
  clearTimeout(timer);
  if (read.problem !== undefined) {
    reader.cancel().catch(() => {});
    return read;
  }
  return parse(read.bytes);
}

async function readBytes(reader, maxBytes) {
  const chunks = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > maxBytes) return { problem: "large" };
      chunks.push(value);
    }
  } catch {
    return { problem: "cut" };
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return { bytes };
}

function parse(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value = JSON.parse(text);
    return hasDoubledName(text) ? { problem: "json" } : { value };
  } catch {
    return { problem: "json" };
  }
}

/** Whether an object in `text`, which is valid JSON, has a name twice: one reader takes the first, another the last. */
function hasDoubledName(text) {
  const open = [];
  let isName = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]+|\\.)*"|[{}[\],:]/g)) {
    switch (token) {
      case "{":
        open.push(new Set());
        isName = true;
        break;
      case "[":
        open.push(undefined);
        isName = false;
        break;
      case "}":
      case "]":
        open.pop();
        isName = false;
        break;
      case ",":
        isName = open.at(-1) !== undefined;
        break;
      case ":":
        isName = false;
        break;
      default: {
        if (!isName) break;
        const names = open.at(-1);
        const name = JSON.parse(token);
        if (names.has(name)) return true;
        names.add(name);
      }
    }
  }
  return false;
}

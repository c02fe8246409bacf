// Reads the body of an answer, within bounds.

/** Bytes of an answer's body, and lists or objects within each other. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_DEPTH = 128;

/**
 * Gives `{ value }`, what JSON.parse gave, or `{ problem }`: "empty", "large", "deep" or "json".
 * A body that cannot be read rejects.
 */
export async function readAnswer(response) {
  const text = await readText(response);
  if (text === undefined) return { problem: "large" };
  if (text === "") return { problem: "empty" };
  if (isDeep(text)) return { problem: "deep" };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: "json" };
  }
}

async function readText(response) {
  const declared = response.headers?.get("content-length");
  // The length of a compressed body says nothing of what it unpacks to.
  const isBounded = declared && Number(declared) <= MAX_BYTES && !response.headers.get("content-encoding");
  const reader = isBounded ? undefined : response.body?.getReader?.();
  if (reader === undefined) {
    const text = await response.text();
    return text.length > MAX_BYTES ? undefined : text;
  }
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > MAX_BYTES) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function isDeep(text) {
  if (text.length <= 2 * MAX_DEPTH) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

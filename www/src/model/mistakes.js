// Requests with a known mistake in them, for showing what the doctor says. Each is made as the mistake is made in real
// programs: a right string to sign is spoilt, signed, and sent along.

const lower = (text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const double = (query) => query.replace(/=([^&]*)/g, (_, value) => `=${encodeURIComponent(value)}`);

/**
 * Id → from a right request's steps (as `explain` gives them) to what is signed and what is sent.
 * `query` is sent; `signed` is the string to sign; both default to the right ones.
 */
const SPOIL = {
  plus: ({ canonicalQuery }) => ({ query: canonicalQuery.replaceAll("%20", "+"), signs: (query) => query }),
  secret: () => ({ key: (secret) => `${secret}\n` }),
  slash: () => ({ path: "/iaas" }),
  verb: () => ({ isPosted: true }),
  double: () => ({ signs: double }),
  sha1: () => ({ hash: "SHA-1" }),
  case: ({ canonicalQuery }) => ({ query: lower(canonicalQuery), signs: (query) => query }),
  local: () => ({}),
};

export const MISTAKES = Object.keys(SPOIL);

/** How far ahead the clock of the "local time" mistake is: that of Beijing, eight hours. */
export const AHEAD_MS = { local: 8 * 3_600_000 };

/**
 * @param {string} id of a mistake
 * @param {object} steps of a right request
 * @param {string} secret
 * @param {(hash: string, key: string, text: string) => Promise<string>} hmac base64
 * @returns {Promise<string>} a URL, or a curl line
 */
export async function failing(id, steps, secret, hmac) {
  const { query = steps.canonicalQuery, signs = (text) => text, path = steps.path, key = (text) => text, hash = "SHA-256", isPosted = false } = SPOIL[id](steps);
  const stringToSign = `${steps.method}\n${path}\n${signs(query)}`;
  const signature = await hmac(hash, key(secret), stringToSign);
  const sent = `${query}&signature=${encodeURIComponent(signature)}`;
  const address = steps.url.slice(0, steps.url.indexOf("?"));
  return isPosted ? `curl '${address}' \\\n  --data-raw '${sent}'` : `${address}?${sent}`;
}

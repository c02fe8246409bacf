// The signed request as a line for a shell. Nothing in it needs quoting but the `&`s: signed text has no quote.

/** @param {{ method: string, url: string, body?: string }} signed */
export function curl({ url, body }) {
  return body === undefined ? `curl '${url}'\n` : `curl '${url}' \\\n  --data-raw '${body}'\n`;
}

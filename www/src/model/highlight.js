// Colours a snippet: enough for the programs that the page writes, no more.

const KEYWORDS = "import from const await new for of as";
const COMMENTS = { javascript: "//.*", typescript: "//.*", python: "#.*" };

/**
 * @returns {{ kind?: "comment" | "string" | "keyword" | "number" | "call", text: string }[]} joined, the same text again
 */
export function highlighted(text, language) {
  const pattern = new RegExp(`(?<comment>${COMMENTS[language]})|(?<string>"(?:[^"\\\\]|\\\\.)*")|(?<keyword>\\b(?:${KEYWORDS.replaceAll(" ", "|")}|True|False|None|true|false|null)\\b)|(?<number>\\b\\d[\\d.]*\\b)|(?<call>\\b[A-Za-z_]\\w*(?=\\())`, "g");
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    parts.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  return end < text.length ? [...parts, { text: text.slice(end) }] : parts;
}

// Finds the code blocks of a document, and what the comment before a block says about running it.
//
// In a document, an HTML comment right before a block can say:
//
//   <!-- not run: REASON -->        it cannot run, for this reason
//   <!-- continues -->              it goes on where the block of this language before it ended
//   <!-- prints -->                 it is what the block before it prints
//   <!-- emulator: {JSON} -->       options of the emulator that it runs against
//   <!-- fails: PATTERN -->         it ends with an error; PATTERN is in what it says
//   <!-- with: proxy -->            nothing but the proxy in HTTPS_PROXY leads to the service; see network.js
//   <!-- with: private CA -->       the endpoint has a certificate of the authority in my-ca.pem; see network.js

const FENCE = /^(?<comment>(?:<!--.*?-->\s*\n)?)```(?<language>[\w-]*)[^\n]*\n(?<code>.*?)^```\s*$/gms;
const COMMENT = /^<!--\s*(?<word>not run|continues|prints|emulator|fails|with)(?::\s*(?<value>.*?))?\s*-->/;

/** Languages whose blocks are code. */
const CODE = new Set(["js", "ts", "sh"]);
/** Languages whose blocks are data or output. */
const DATA = new Set(["json", "text"]);

/** Run elsewhere: the Rust example of the README is a documentation test. */
const ELSEWHERE = new Set(["rust"]);

/** The blocks of `text`: `{ language, code, line, reason?, emulator?, fails?, network?, prints? }`, continued ones joined. */
export function blocksIn(text) {
  const blocks = [];
  for (const match of text.matchAll(FENCE)) {
    const { comment, language, code } = match.groups;
    const line = text.slice(0, match.index + comment.length).split("\n").length;
    const { word, value } = COMMENT.exec(comment)?.groups ?? {};
    if (word === "prints") {
      blocks.at(-1).prints = code;
      continue;
    }
    if (word === "continues") {
      const before = blocks.findLast((block) => block.language === language);
      before.code += code;
      continue;
    }
    blocks.push({
      language,
      code,
      line,
      ...(word === "not run" && { reason: value }),
      ...(word === "emulator" && { emulator: JSON.parse(value) }),
      ...(word === "fails" && { fails: new RegExp(value) }),
      ...(word === "with" && { network: value }),
    });
  }
  return blocks;
}

/** What is wrong with a block, before it is run. */
export function problemOf({ language, code, reason }) {
  if (reason !== undefined) return reason === "" ? "says that it cannot run, but not why" : undefined;
  if (language === "json") return isJson(code) ? undefined : "is not JSON";
  return CODE.has(language) || DATA.has(language) || ELSEWHERE.has(language) ? undefined : `has a language that nothing here runs: ${language || "none"}`;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Finds actions by what people type: an action's name or its initials, words in either language, a service, a parameter.

import { SYNONYMS } from "../words/synonyms.js";
import { titleOf, wordsOf } from "../words/titles.js";

const HAN = /\p{Script=Han}/u;
// 公网IP is two words.
const WORDS = /\p{Script=Han}+|[^\s\p{Script=Han}]+/gu;

/** Prepares a catalogue for `search`. */
export function indexOf(catalogue) {
  return catalogue.services.flatMap((service) =>
    service.actions.map((action) => {
      const { en, zh } = { en: titleOf(action.name, "en"), zh: titleOf(action.name, "zh") };
      return {
        action,
        name: action.name.toLowerCase(),
        initials: wordsOf(action.name).map((word) => word[0]).join("").toLowerCase(),
        title: `${en} ${zh}`.toLowerCase(),
        text: textOf(action, service).toLowerCase(),
        parameters: action.parameters.map(({ name }) => name),
      };
    }),
  );
}

/**
 * Every action that answers to all words of `query`, best first.
 * @returns {{ action: object, parameter?: string }[]} `parameter` is the one that made it a hit, when only a parameter did
 */
export function search(index, query) {
  const words = query.toLowerCase().match(WORDS) ?? [];
  if (words.length === 0) return [];
  const hits = [];
  for (const entry of index) {
    const ranks = words.map((word) => rank(entry, word));
    if (ranks.some((found) => found === undefined)) continue;
    const weakest = ranks.reduce((a, b) => (b.score < a.score ? b : a));
    hits.push({ action: entry.action, parameter: weakest.parameter, score: ranks.reduce((sum, { score }) => sum + score, 0) });
  }
  // Of equals, the shorter name is the plainer one.
  return hits.sort((a, b) => b.score - a.score || a.action.name.length - b.action.name.length).map(({ action, parameter }) => ({ action, parameter }));
}

function textOf(action, { id, title }) {
  return [action.description?.en, action.description?.zh, id, title.en, title.zh, SYNONYMS[id]].filter(Boolean).join(" ");
}

function rank(entry, word) {
  return rankWhole(entry, word) ?? (HAN.test(word) ? rankParts(entry, word) : undefined);
}

/** Chinese has no blanks between words: 删除主机 is found by 删除 and by 主机. */
function rankParts(entry, word) {
  for (let at = 2; at <= word.length - 2; at += 1) {
    const [first, rest] = [rankWhole(entry, word.slice(0, at)), rank(entry, word.slice(at))];
    if (first && rest) return first.score < rest.score ? first : rest;
  }
  return undefined;
}

function rankWhole(entry, word) {
  if (entry.name === word) return { score: 100 };
  if (entry.name.startsWith(word)) return { score: 80 };
  if (entry.initials === word) return { score: 70 };
  if (entry.name.includes(word)) return { score: 60 };
  if (entry.title.includes(word)) return { score: 50 };
  if (entry.parameters.includes(word)) return { score: 40, parameter: word };
  if (entry.text.includes(word)) return { score: 30 };
  const parameter = word.length > 1 ? entry.parameters.find((name) => name.includes(word)) : undefined;
  return parameter && { score: 20, parameter };
}

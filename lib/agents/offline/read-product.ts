import { lower } from "./text.ts";
import { baseOfThirdPerson, connectors, isVerb, nounVerbs, products, pronouns } from "./words.ts";

/** The parts of "A booking system for hotels with payment, where …". */
export type Product = { product: string; audience: string; rest: string; parts: string[] };

const order =
  /^(?:please\s+)?(?:(?:i|we)\s+(?:want|need|would like|are building|am building|plan)(?:\s+to)?\s+|i'd like\s+(?:to\s+)?|(?:the\s+)?goal is to\s+)?(?:(?:build|create|make|develop|implement|design|write|have)\s+(?:me\s+|us\s+)?)?(?:(?:an?|the|my|our)\s+)?/i;
const audienceOf =
  /^\s*for\s+(.+?)(?=\s+(?:with|where|that|which|to|so|who|and|including)\s|[,:.(]|$)/i;
const partsOf =
  /(?:^|\s)(?:with|including|featuring)\s+(.+?)(?=\s+(?:where|that|which|so that|for)\s|$)/i;
const restOf = /(?:^|[\s,:]+)(?:where|in which|so that|that|which|who|:|to)\s+(.+)$/i;

const splitParts = (text: string) =>
  text
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/i)
    .map((part) => part.trim())
    .filter(Boolean);

const notInNames = /^(?:an?|the|can|could|may|will|would|should|must|shall|needs?|wants?)$/i;

/** Whether a word may stand within a product's name: "team task management platform". */
const isPartOfName = (word: string, index: number): boolean => {
  const plain = word.toLowerCase();
  const isAction = index > 0 && isVerb(plain) && !nounVerbs.has(plain);
  return (
    !isAction &&
    !connectors.has(plain) &&
    !pronouns.has(plain) &&
    !notInNames.test(plain) &&
    !/[,:]$/.test(plain)
  );
};

const maxProductWords = 6;

const predicate =
  /^(?:can|could|may|will|would|must|should|shall|lets?|allows?|enables?|needs?|has|is|does)\s/i;

/** Gives what a sentence says about the product, as a clause: "The system sends reminders" says "it sends reminders". */
const clauseAfter = (after: string): string => {
  const said = restOf.exec(after)?.[1];
  if (predicate.test(after)) return `it ${after}`;
  if (baseOfThirdPerson(after.split(" ")[0] ?? "") && after.includes(" ")) return `it ${after}`;
  return said ?? "";
};

const lengthOfProduct = (words: readonly string[]): number => {
  const last = words
    .slice(0, maxProductWords)
    .findLastIndex(
      (word, index) =>
        products.test(word.replace(/[,:]$/, "")) && words.slice(0, index).every(isPartOfName),
    );
  return last + 1;
};

/** Reads the product from a sentence; null when the sentence does not begin with it. */
export const readProduct = (sentence: string): Product | null => {
  const opening = order.exec(sentence)?.[0] ?? "";
  const words = sentence.slice(opening.length).split(" ");
  const length = lengthOfProduct(words);
  const [first = ""] = words;
  const isAction = opening === "" && isVerb(first) && !nounVerbs.has(first.toLowerCase());
  if (length === 0 || isAction) return null;
  const after = words.slice(length).join(" ");
  const last = words[length - 1] ?? "";
  return {
    product: lower([...words.slice(0, length - 1), last.replace(/[,:]$/, "")].join(" ")),
    audience: audienceOf.exec(after)?.[1] ?? "",
    parts: splitParts(partsOf.exec(after)?.[1] ?? ""),
    rest: clauseAfter(after),
  };
};

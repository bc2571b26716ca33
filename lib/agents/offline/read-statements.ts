import { isObject } from "../../domain/json.ts";
import { formalKeys } from "./context.ts";
import { stripDirectives } from "./directives.ts";
import { sentences } from "./text.ts";

const cue =
  "(?:please\\s+|also\\s+|then\\s+|do\\s+)*(?:leave|take\\s+\\w+\\s+out|drop|remove|omit|exclude|skip|delete|scrap|forget|get rid|without\\s|no\\s|not\\s|don['’]?t|do not|never|add|include|rename|call|replace|swap|use|instead|rather than|keep|except|support|provide|offer|make|change|we\\s|i\\s|you\\s|they\\s|users?\\s|it\\s|there\\s|let\\b|\\w+ing\\s+(?:is|are|can|should|must)\\s)";
const strong =
  "(?:please\\s+|also\\s+|then\\s+)*(?:leave\\s+(?:out|\\w+\\s+out)|without\\s|no\\s|not\\s|don['’]?t|do not|never|instead|rename|replace|except|omit|exclude|get rid)";
const splitAt = (words: string) =>
  new RegExp(
    `\\s*[,;]?\\s+(?:and|but|then|plus|while|although|also|though)\\s+(?=${words})|\\s*,\\s*(?=${words})|\\s+[–—-]+\\s+|(?<!\\b(?:do|go|manage|live))\\s+(?=(?:without|except)\\s)|\\s*:\\s+(?=${words})`,
    "i",
  );
const anyClause = splitAt(cue);
const strongClause = splitAt(strong);
const statement = /^.{1,60}?\s(?:can|could|may|will|should|must|shall)\s/i;

/** Keeps "instead of printing, use PDF" in one piece. */
const joinInstead = (sentence: string): string =>
  sentence.replace(/((?:instead of|rather than|in place of)\s+[^,]+),\s*/gi, "$1 ⇒ ");

const clausesOf = (sentence: string): string[] =>
  joinInstead(sentence)
    .split(statement.test(sentence) ? strongClause : anyClause)
    .map((clause) => clause.replace(/^(?:and|but|or)\s+/i, "").trim())
    .filter(Boolean);

const header =
  /^(?:please\s+)?(leave out|take out|drop|remove|omit|exclude|skip|delete|without|no|not needed|out of scope|add|include|also|missing|new)\s*(?:the following|these)?\s*:?$/i;
const removing =
  /^(?:leave.?out|take.?out|drop|remove|omit|exclude|skip|delete|without|no|not.?needed|not.?wanted|out.?of.?scope|don.?t|won.?t)(?![a-z])/i;
const adding = /^(?:add|include|also|missing|new|extra|wanted)(?![a-z])/i;
const isOff = (value: unknown) =>
  value === false ||
  (typeof value === "string" &&
    /^(?:no|off|never|none|false|drop|remove|not needed|leave out)\.?$/i.test(value.trim()));
const isOn = (value: unknown) =>
  value === true ||
  (typeof value === "string" && /^(?:yes|on|true|add|needed)\.?$/i.test(value.trim()));

const orderOf = (name: string): string =>
  removing.test(name) ? "leave out" : adding.test(name) ? "add" : "";

const linesOf = (text: string): string[] => {
  let order = "";
  return text.split(/[\r\n]+/).flatMap((line) => {
    const isItem = /^\s*(?:[-*•–+]|\d+[.)])\s+/.test(line);
    const [, word] = header.exec(line.replace(/^\s*(?:[-*•–+#]+|\d+[.)])\s+/, "").trim()) ?? [];
    if (word) {
      order = orderOf(word);
      return [];
    }
    if (!isItem && line.trim() !== "") order = "";
    return sentences(line).flatMap((sentence) =>
      order === "" ? clausesOf(sentence) : [`${order} ${sentence}`],
    );
  });
};

const words = (key: string): string => key.replaceAll("_", " ").trim();

/** Reads `{ "recipes": "dishes" }`, or `{ "from": "recipes", "to": "dishes" }`. */
const pairStatements = (
  value: { [key: string]: unknown },
  order: "rename" | "replace",
): string[] => {
  const pairs = "from" in value ? [[value.from, value.to]] : Object.entries(value);
  return pairs.map(([from, to]) => `${order} ${from} ${order === "rename" ? "to" : "by"} ${to}`);
};

const fieldStatements = ([key, value]: [string, unknown]): string[] => {
  if (formalKeys.test(key)) return [];
  if (isObject(value) && /^(?:rename|call)/i.test(key)) return pairStatements(value, "rename");
  if (isObject(value) && /^(?:replace|instead|swap)/i.test(key))
    return pairStatements(value, "replace");
  if (isOff(value)) return [`leave out ${words(key)}`];
  if (isOn(value)) return [`add ${words(key)}`];
  const order = orderOf(key);
  return order === "" ? statementsIn(value) : textsOf(value).map((text) => `${order} ${text}`);
};

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((item) =>
    typeof item === "string" ? sentences(stripDirectives(item)) : statementsIn(item),
  );

/** Most characters of a text that are read. */
const maxRead = 20_000;

/** Lists what a person says in any JSON, one clause each: sentences of texts, items of lists, fields of objects. */
export const statementsIn = (value: unknown): string[] => {
  if (typeof value === "string") return linesOf(stripDirectives(value.slice(0, maxRead)));
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.slice(0, 100).flatMap(statementsIn);
  return isObject(value) ? Object.entries(value).slice(0, 100).flatMap(fieldStatements) : [];
};

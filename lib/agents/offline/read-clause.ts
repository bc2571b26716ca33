import { baseOfThirdPerson, connectors, fillers, isVerb, pronouns } from "./words.ts";

/** One thing that somebody can do: the actor, and a verb with its object ("weekly shopping lists"). */
export type Action = { actor: string; verb: string; object: string; modal: "can" | "must" };

/** What the text before a clause says: who acts, and what "them" means. */
export type ClauseContext = { actor: string; noun: string };

const opening = /^(?:and|also|then|please|finally|in addition,?|optionally,?)\s+/i;
const modal =
  /^(.{1,60}?)\s+(can|could|may|will|would|should|must|shall|needs?|wants?|(?:are|is) able)(?:\s+also)?(\s+be able)?(?:\s+to)?\s+(?:(?:also|then|easily|quickly)\s+)?(.+)$/i;
const permission =
  /^(?:(?:it|this|that|which|the \S+)\s+)?(?:(?:must|should|will|can|shall)\s+)?(?:allow(?:s|ing)?|enabl(?:e|es|ing)|let(?:s|ting)?|help(?:s|ing)?)\s+(.+)$/i;
const obligation = /^(?:must|shall|should|needs?)$/i;
const gap = /\s*,\s*(?:(?:and|or|then)\s+)?|\s+(?:and|or|then|&)\s+(?:(?:then|to)\s+)?/gi;
const maxSubject = 5;

/** Finds the head of an object: "weekly shopping lists for a family" → "shopping lists". */
export const nounOf = (object: string): string => {
  const words = object.split(" ").map((word) => word.toLowerCase());
  const end = words.findIndex((word, index) => index > 0 && connectors.has(word.replace(/,$/, "")));
  return (end < 0 ? words : words.slice(0, end))
    .map((word) => word.replace(/[^\p{L}\p{N}'-]+/gu, ""))
    .filter((word) => word && !fillers.has(word) && !connectors.has(word) && !pronouns.has(word))
    .slice(-2)
    .join(" ");
};

/** Splits before verbs: "post recipes, rate them and build lists" → three phrases. */
const splitPhrases = (predicate: string): string[] => {
  const gaps = predicate.match(gap) ?? [];
  const phrases: string[] = [];
  for (const [index, part] of predicate.split(gap).entries()) {
    const previous = phrases.at(-1);
    if (previous === undefined || isVerb(part.split(" ")[0])) phrases.push(part);
    else phrases[phrases.length - 1] = `${previous}${gaps[index - 1] ?? " "}${part}`;
  }
  return phrases;
};

/** Gives a phrase's object. A verb alone has that of the next phrase: "search and filter recipes". */
const objectAt = (phrases: readonly (readonly string[])[], index: number): string =>
  phrases
    .slice(index)
    .find((words) => words.length > 1)
    ?.slice(1)
    .join(" ") ?? "";

const actionsOf = (predicate: string, kind: Action["modal"], before: ClauseContext): Action[] => {
  const phrases = splitPhrases(predicate).map((phrase) => phrase.split(" "));
  if (!isVerb(phrases[0]?.[0])) return [];
  let noun = before.noun;
  return phrases.map(([verb = ""], index) => {
    const object = objectAt(phrases, index).replace(
      /^(?:them|it|these|those)\b/i,
      (word) => noun || word,
    );
    noun = nounOf(object) || noun;
    return { actor: before.actor, verb: verb.toLowerCase(), object, modal: kind };
  });
};

const readModal = (clause: string, { noun }: ClauseContext): Action[] => {
  const [, actor = "", word = "", ability, predicate = ""] = modal.exec(clause) ?? [];
  if (actor === "" || actor.split(" ").length > maxSubject) return [];
  const isDuty = obligation.test(word) && !ability;
  return actionsOf(predicate, isDuty ? "must" : "can", { actor, noun });
};

/** Reads "lets home cooks post recipes", "allows users to upload files". */
const readPermission = (clause: string, { noun }: ClauseContext): Action[] => {
  const words = (permission.exec(clause)?.[1] ?? "").split(" ");
  const at = words.findIndex((word, index) => index > 0 && index <= maxSubject && isVerb(word));
  if (at < 1) return [];
  const actor = words
    .slice(0, at)
    .join(" ")
    .replace(/\s+to$/i, "");
  return actionsOf(words.slice(at).join(" "), "can", { actor, noun });
};

const baseForms = (predicate: string): string =>
  predicate.replace(
    /(^|,\s*(?:and\s+)?|\sand\s+)(\p{L}+s)(?=\s)/giu,
    (_, before: string, word: string) => `${before}${baseOfThirdPerson(word) ?? word}`,
  );

/** Reads a verb after a short subject: "Managers approve requests", "It sends reminders". */
const readPlain = (clause: string, { noun }: ClauseContext): Action[] => {
  const words = clause.split(" ");
  const isThirdPerson = /^(?:it|each|every|an?|the)$/i.test(words[0] ?? "");
  const at = words.findIndex(
    (word, index) =>
      index > 0 &&
      index < 4 &&
      (isVerb(word) || (isThirdPerson && baseOfThirdPerson(word) !== null)),
  );
  const subject = words.slice(0, Math.max(0, at));
  if (at < 1 || subject.some((word) => connectors.has(word.toLowerCase()))) return [];
  const predicate = words.slice(at).join(" ");
  return actionsOf(isThirdPerson ? baseForms(predicate) : predicate, "can", {
    actor: subject.join(" "),
    noun,
  });
};

const readImperative = (clause: string, before: ClauseContext): Action[] =>
  actionsOf(clause, "can", before);

/** Reads what somebody can do from a clause; empty when it does not say that. */
export const readClause = (clause: string, before: ClauseContext): Action[] => {
  const text = clause.replace(opening, "");
  for (const read of [readPermission, readModal, readImperative, readPlain]) {
    const actions = read(text, before);
    if (actions.length > 0) return actions;
  }
  return [];
};

import { type Action, nounOf, readClause } from "./read-clause.ts";
import { readProduct } from "./read-product.ts";
import { slug } from "./slug.ts";
import { capital, clip, lower, quote, sentence, sentences, withoutArticle } from "./text.ts";
import { isVerb } from "./words.ts";

type Source = "description" | "user input" | "review" | "plan" | "proposal";

/** One thing that the product has to do. Verb and noun are empty when the text could not be read. */
export type Feature = {
  title: string;
  text: string;
  actor: string;
  verb: string;
  noun: string;
  source: Source;
};

export type Reading = {
  /** The actor when the text names none: "Shoppers". */
  actor: string;
  /** "the booking system" */
  product: string;
  source: Source;
};

const system =
  /^(?:it|this|that|which|the (?:system|app|application|site|website|product|platform|tool|service|api|software))$/i;
const speaker = /^(?:i|we|you|they|one|people|everyone|anyone|everybody|who)$/i;
const statesSomething = /\s(?:can|could|may|will|should|must|shall|is|are|has|have)\s/i;

const actorOf = (actor: string, { actor: usual, product }: Reading) => {
  if (system.test(actor)) return capital(product);
  return speaker.test(actor) ? usual : capital(actor);
};

const describeAction = (action: Action, reading: Reading): Feature => {
  const actor = actorOf(action.actor, reading);
  const object = clip(action.object.replace(/\b(?:my|our|your)\b/gi, "their"), 120);
  const phrase = `${action.verb} ${object}`.trim();
  return {
    title: capital(clip(phrase, 60)),
    text: sentence(`${actor} ${action.modal} ${phrase}`),
    actor,
    verb: action.verb,
    noun: nounOf(object),
    source: reading.source,
  };
};

const describePart = (part: string, { actor, product, source }: Reading): Feature => ({
  title: capital(clip(withoutArticle(part), 60)),
  text: sentence(`${product} includes ${quote(clip(part, 120))}`),
  actor,
  verb: "",
  noun: nounOf(part),
  source,
});

/** Makes a sentence of a short phrase; keeps a statement as it is. */
const wholeText = (text: string, product: string) =>
  text.split(" ").length <= 6 && !statesSomething.test(text)
    ? `${product} covers ${quote(text)}`
    : clip(text.replace(/^it\b/i, product), 200);

const quoteWhole = (text: string, { actor, product, source }: Reading): Feature => ({
  title: capital(clip(text.replace(/^it\b/i, product), 60)),
  text: sentence(wholeText(text, product)),
  actor,
  verb: "",
  noun: "",
  source,
});

const readStatement = (statement: string, noun: string, reading: Reading): Feature[] => {
  const product = readProduct(statement);
  const clause = product ? product.rest : statement;
  const actions = readClause(clause, { actor: reading.actor, noun }).map((action) =>
    describeAction(action, reading),
  );
  const parts = (product?.parts ?? []).map((part) => describePart(part, reading));
  const isUnread = actions.length + parts.length === 0 && clause !== "";
  return isUnread ? [quoteWhole(statement, reading)] : [...parts, ...actions];
};

const keyOf = ({ title }: Feature) => slug(title, 8) || title;

/** Removes features whose title occurred before. */
export const withoutRepeats = (features: readonly Feature[]): Feature[] =>
  features.filter(
    (each, index) => features.findIndex((other) => keyOf(other) === keyOf(each)) === index,
  );

/** Reads the features in a text, in its order. */
export const featuresOf = (text: string, reading: Reading): Feature[] => {
  const found: Feature[] = [];
  for (const statement of sentences(text)) {
    const noun = found.findLast((each) => each.noun !== "")?.noun ?? "";
    found.push(...readStatement(statement, noun, reading));
  }
  return withoutRepeats(found.slice(0, 60));
};

const beginning = (title: string) => title.toLowerCase().split(" ").slice(0, 2).join(" ");

/** Makes features of the topic's usual phrases, without those that were asked for already. */
export const propose = (
  phrases: readonly string[],
  asked: readonly Feature[],
  reading: Reading,
): Feature[] =>
  phrases
    .flatMap((phrase) => readClause(phrase, { actor: reading.actor, noun: "" }))
    .map((action) => describeAction(action, reading))
    .filter(({ title }) => !asked.some((each) => beginning(each.title) === beginning(title)));

/** Writes a title within a sentence: "search rooms", “Payment”. */
export const mention = ({ title }: { title: string }): string =>
  isVerb(title.split(" ")[0]) ? lower(title) : quote(title);

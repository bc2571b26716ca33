import type { AgentRequest } from "../context.ts";
import { applyWish, type LeftOut, takeUpAll } from "./apply-wishes.ts";
import { textsIn } from "./context.ts";
import { stripDirectives } from "./directives.ts";
import { type Feature, featuresOf, propose, type Reading, withoutRepeats } from "./features.ts";
import { type Feedback, feedbackOf } from "./feedback.ts";
import { type Product, readProduct } from "./read-product.ts";
import { clip, oneLine, sentences } from "./text.ts";
import { type Topic, topicsOf } from "./topics.ts";
import { readDrop, type Wish } from "./wishes.ts";
import { fillers, products } from "./words.ts";

/** A project as an offline agent understands it. */
export type Brief = {
  name: string;
  /** The first sentence of the description; empty without one. */
  opening: string;
  /** "the recipe sharing site"; "the product" when the text doesn't say. */
  product: string;
  /** The people or things that it is for; may be empty. */
  audience: string;
  /** The things that it handles, in the plural: "recipes". */
  noun: string;
  topics: [Topic, ...Topic[]];
  features: readonly Feature[];
  /** Number of statements that are left for a later release. */
  leftOut: number;
  feedback: readonly Feedback[];
  /** What people asked for, oldest first. */
  wishes: readonly Wish[];
  /** What is left out, because a person or the description says so. */
  leftOutByWish: readonly LeftOut[];
};

const maxFeatures = 8;
/** With fewer features, the topic's usual ones are proposed. */
const minFeatures = 5;
const minActions = 2;

const nameOf = (request: AgentRequest) =>
  clip(oneLine(stripDirectives(request.project.name)), 80) || "Untitled project";

const productOf = (description: string, name: string): Product | null => {
  const [first = ""] = sentences(description);
  return readProduct(clip(first, 400)) ?? readProduct(name);
};

/** "Invoice API" deals with invoices; a name that is only a brand says nothing. */
const nounOfName = (name: string): string => {
  const words = name.toLowerCase().split(" ");
  const at = words.findIndex((word) => products.test(word));
  const noun = at > 0 ? (words[at - 1] ?? "") : "";
  if (!/^[a-z]{3,}$/.test(noun) || noun.endsWith("ing") || fillers.has(noun)) return "";
  return noun.endsWith("s") ? noun : `${noun.replace(/([^aeiou])y$/, "$1ie")}s`;
};

const inputsOf = (request: AgentRequest): string =>
  request.context
    .filter((item) => item.artifact_type === "user_input")
    .flatMap(({ content }) => textsIn(content))
    .join("\n");

const described = (texts: { description: string; inputs: string }, reading: Reading): Feature[] =>
  withoutRepeats([
    ...featuresOf(texts.description, reading),
    ...featuresOf(texts.inputs, { ...reading, source: "user input" }),
  ]);

const commonNoun = (features: readonly Feature[]): string => {
  const nouns = features.filter(({ verb, noun }) => verb && noun).map(({ noun }) => noun);
  const uses = (noun: string) => nouns.filter((each) => each === noun).length;
  return nouns.toSorted((a, b) => uses(b) - uses(a))[0] ?? "";
};

const proposalsFor = (
  name: string,
  topic: Topic,
  asked: readonly Feature[],
  reading: Reading,
): Feature[] => {
  const actions = asked.filter(({ verb }) => verb !== "").length;
  const missing = Math.max(minFeatures - asked.length, minActions - actions, 0);
  const noun = nounOfName(name) || topic.noun;
  const people = asked.find(({ verb, actor }) => verb && !/^The /.test(actor))?.actor;
  const common = commonNoun(asked);
  const things = /^[a-z]+s$/.test(common) ? common : noun;
  const phrases = topic.proposals.map((phrase) =>
    phrase.replaceAll("{noun}", noun).replaceAll("{things}", things),
  );
  return propose(phrases, asked, {
    ...reading,
    actor: people ?? topic.actor,
    source: "proposal",
  }).slice(0, missing);
};

/** A description may say "Delete old posts": that is wanted. */
const exclusion =
  /^(?:no|without|we (?:do not|don['’]?t|need no)|there is no need)\s|(?:not|n['’]t) (?:needed|wanted|necessary|required)$|\b(?:unnecessary|out of scope)$/i;

/** Divides a description into what is wanted, and sentences such as "No printing", which say what is not. */
const splitExclusions = (description: string): { exclusions: Wish[]; wanted: string } => {
  const all = sentences(description);
  const wishes = all.map(readDrop);
  const isExclusion = (wish: Wish | undefined): wish is Wish =>
    wish?.kind === "drop" && !wish.mustExist && exclusion.test(wish.said);
  return {
    exclusions: wishes.filter(isExclusion),
    wanted: wishes.some(isExclusion)
      ? all.filter((_, at) => !isExclusion(wishes[at])).join("\n")
      : description,
  };
};

type Heard = Pick<Brief, "features" | "feedback" | "wishes" | "leftOutByWish">;

const hear = (
  planned: readonly Feature[],
  exclusions: readonly Wish[],
  words: ReturnType<typeof feedbackOf>,
  reading: Reading,
): Heard => {
  const start: Heard = {
    features: exclusions.reduce((left, wish) => applyWish(left, wish).items, planned),
    feedback: [],
    wishes: exclusions,
    leftOutByWish: exclusions.flatMap((wish) => applyWish(planned, wish).leftOut),
  };
  return words.reduce<Heard>((before, each) => {
    const { features, outcome, leftOut } = takeUpAll(before.features, each.wishes, reading);
    return {
      features,
      feedback: [...before.feedback, { ...each, ...outcome }],
      wishes: [...before.wishes, ...each.wishes],
      leftOutByWish: [...before.leftOutByWish, ...leftOut],
    };
  }, start);
};

/** Reads a project from its texts. The same request always gives the same brief. */
export const briefOf = (request: AgentRequest): Brief => {
  const name = nameOf(request);
  const texts = {
    description: stripDirectives(request.project.description ?? ""),
    inputs: inputsOf(request),
  };
  const topics = topicsOf(`${name}\n${texts.description}\n${texts.inputs}`);
  const found = productOf(texts.description, name);
  const product = found ? `the ${found.product}` : "the product";
  const reading: Reading = { actor: "Users", product, source: "description" };
  const { exclusions, wanted } = splitExclusions(texts.description);
  const asked = described({ ...texts, description: wanted }, reading);
  const proposed = proposalsFor(name, topics[0], asked, reading);
  const planned = [...asked.slice(0, maxFeatures), ...proposed];
  const heard = hear(withoutRepeats(planned), exclusions, feedbackOf(request), reading);
  return {
    name,
    opening: clip(sentences(texts.description)[0] ?? "", 160),
    product,
    audience: found?.audience ?? "",
    noun: commonNoun(heard.features) || nounOfName(name) || topics[0].noun,
    topics,
    leftOut: Math.max(0, asked.length - maxFeatures),
    ...heard,
  };
};

/** A request with its brief: the input of every writer. */
export type Work = { request: AgentRequest; brief: Brief };

import { type Feature, featuresOf, type Reading, withoutRepeats } from "./features.ts";
import {
  capital,
  clip,
  lower,
  quote,
  sentence,
  singular,
  withArticle,
  withoutArticle,
} from "./text.ts";
import { quoteWish, type Wish } from "./wishes.ts";
import { connectors, fillers, pronouns } from "./words.ts";

/** What is left out by a person's wish. */
export type LeftOut = { what: string; said: string };

/** What came of a person's words: `done` and `open` are sentences for the documents. */
type Outcome = { done: string[]; open: string[] };

type Titled = { title: string; text: string };
type Step<T extends Titled> = { items: readonly T[]; outcome: string | null; leftOut: LeftOut[] };

const plainWords =
  /^(?:feature|function|option|part|point|possibility|ability|thing|page|requirement)s?$/;

/** Reduces a word to what its forms share: "printing" and "prints" to "print". */
const stem = (word: string): string =>
  word
    .replace(/['’]s?$/, "")
    .replace(/ies$/, "y")
    .replace(/s$/, "")
    .replace(/(?<=\w{3})(?:ings?|ed|ers?|e)$/, "")
    .replace(/([bdfglmnprt])\1$/, "$1");

const stemsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [])
    .filter((word) => !connectors.has(word) && !fillers.has(word) && !pronouns.has(word))
    .filter((word) => !plainWords.test(word) && word !== "be" && word !== "able")
    .map(stem)
    .filter((word) => word !== "");

/** Tells whether a title is about all that the words name. */
const isAbout = (what: string) => {
  const wanted = stemsOf(what);
  return ({ title }: Titled): boolean => {
    const there = new Set(stemsOf(title));
    return wanted.length > 0 && wanted.every((word) => there.has(word));
  };
};

/** Finds the lines of a program that name a function, a route or a requirement. */
const naming =
  /(?:purpose:\s*"|\/\*\* [A-Z]{1,3}\d+: )(.+)|export (?:const|async function|function) (\w+)/;

/** Finds what was to be left out and is in a program all the same. */
export const namedIn = (program: string, leftOut: readonly LeftOut[]): string[] => {
  const lines = program.split("\n").flatMap((line) => {
    const [, words, name] = naming.exec(line) ?? [];
    const title = words ?? name?.replace(/(?<=[a-z])(?=[A-Z])/g, " ");
    return title ? [{ title, text: "" }] : [];
  });
  return leftOut.map(({ what }) => what).filter((what) => lines.some(isAbout(what)));
};

const partsOf = (what: string): string[] =>
  what
    .split(/\s*,\s*(?:(?:and|or|nor)\s+)?|\s+(?:and|or|nor|as well as)\s+|\s*\/\s*/i)
    .map((part) => part.trim())
    .filter(Boolean);

/** Gives the names in a wish: the whole when something has this name, otherwise its parts. */
const namesIn = (what: string, items: readonly Titled[]): string[] =>
  items.some(isAbout(what)) ? [what] : partsOf(what);

/** Numbers of requirements mean others in another version of the specification. */
const number = /^(?:requirement\s*|number\s*)?[a-z#]?\d+$/i;

/** Writes that a person's words were not followed. */
const notTakenUp = (said: string): string =>
  `Not taken up: ${quote(said)} – an offline agent does not understand this.`;

const drop = <T extends Titled>(
  items: readonly T[],
  { what, mustExist, said }: Wish & { kind: "drop" },
): Step<T> => {
  const names = namesIn(what, items);
  const kept = items.filter((item) => !names.some((name) => isAbout(name)(item)));
  const isFound = kept.length < items.length;
  const isNothing = names.every((name) => stemsOf(name).length === 0 || number.test(name));
  if (isNothing || (mustExist && !isFound)) return { items, outcome: null, leftOut: [] };
  if (kept.length === 0) return { items, outcome: null, leftOut: [] };
  return {
    items: kept,
    outcome: `Left out: ${names.map(quote).join(", ")}.`,
    leftOut: names.map((name) => ({ what: name, said })),
  };
};

const formsOf = (from: string, to: string): [RegExp, string][] => {
  const pairs: [string, string][] = [[from, to]];
  if (singular(from) !== from) pairs.push([singular(from), singular(to)]);
  else pairs.push([`${from}s`, to.endsWith("s") ? to : `${to}s`]);
  return pairs
    .filter(([word]) => word.trim() !== "")
    .map(([word, other]) => [
      new RegExp(
        `(?<![\\p{L}\\p{N}])(an?\\s+)?${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}])`,
        "giu",
      ),
      other,
    ]);
};

const likeCase = (found: string, text: string): string =>
  /^\p{Lu}/u.test(found) ? capital(text) : text;

/** Puts a name in the place of one that was found, with the article that it needs. */
const renamed = (found: string, article: string | undefined, other: string): string => {
  const name = likeCase(found.slice(article?.length ?? 0), other);
  return article === undefined ? name : likeCase(article, withArticle(name));
};

/** Replaces a name by another one, in the singular and the plural. */
const renamer =
  (from: string, to: string) =>
  (text: string): string =>
    formsOf(from, to).reduce(
      (changed, [pattern, other]) =>
        changed.replace(pattern, (found, article?: string) => renamed(found, article, other)),
      text,
    );

const renameAll = <T extends Titled>(items: readonly T[], rename: (text: string) => string): T[] =>
  items.map((item) => ({
    ...item,
    ...Object.fromEntries(
      Object.entries(item).map(([key, value]) => [
        key,
        ["title", "text", "noun", "actor"].includes(key) && typeof value === "string"
          ? rename(value)
          : key === "acceptance_criteria" && Array.isArray(value)
            ? value.map((line) => (typeof line === "string" ? rename(line) : line))
            : value,
      ]),
    ),
  }));

/** Leaves out and renames what a wish says. `outcome` is null when the wish changes nothing. */
export const applyWish = <T extends Titled>(items: readonly T[], wish: Wish): Step<T> => {
  if (wish.kind === "drop") return drop(items, wish);
  if (wish.kind === "replace")
    return items.some(isAbout(wish.from))
      ? drop(items, { ...wish, kind: "drop", what: wish.from, mustExist: true })
      : { items, outcome: null, leftOut: [] };
  if (wish.kind !== "rename") return { items, outcome: null, leftOut: [] };
  const changed = renameAll(items, renamer(wish.from, wish.to));
  const isFound = changed.some(({ title, text }, at) => {
    const before = items[at];
    return title !== before?.title || text !== before.text;
  });
  return {
    items: isFound ? changed : items,
    outcome: isFound ? `Renamed: ${quote(wish.from)} is called ${quote(wish.to)}.` : null,
    leftOut: [],
  };
};

/** Applies all wishes to what is there already. */
export const applyWishes = <T extends Titled>(
  items: readonly T[],
  wishes: readonly Wish[],
): T[] => [...wishes.reduce((left, wish) => applyWish(left, wish).items, items)];

/** Verbs of orders to the team. An order with another verb says what users can do. */
const teamVerbs =
  /^(?:use|make|build|write|test|deploy|design|implement|choose|keep|change|fix|improve|check|review|move|split|merge|explain|describe|document|rewrite|think|consider|try|look|read|reuse|install|integrate|migrate|handle|limit|start|stop|follow|get|set|put|take|go|let|work|do|include|allow)$/i;

const wantedIn = (wish: Wish): string => {
  if (wish.kind === "replace") return wish.to;
  return wish.kind === "add" || wish.kind === "state" ? wish.what : "";
};

const isOrder = ({ kind }: Wish, what: string): boolean =>
  kind === "state" && teamVerbs.test(what.split(" ")[0] ?? "");

/** Reads what a person wants in addition. Its text quotes the person's words. */
const additionsIn = (wish: Wish, reading: Reading): Feature[] => {
  const what = wantedIn(wish);
  if (what === "" || isOrder(wish, what)) return [];
  const cited = sentence(`The review says: ${quoteWish(wish.said)}`);
  const read = featuresOf(what, { ...reading, source: "review" }).filter(({ verb }) => verb);
  if (read.length > 0) return read.map((each) => ({ ...each, text: `${each.text} ${cited}` }));
  if (wish.kind === "state") return [];
  return partsOf(what).map((part) => ({
    title: capital(clip(withoutArticle(part), 60)),
    text: `${sentence(`${capital(reading.product)} includes ${quote(lower(clip(part, 120)))}`)} ${cited}`,
    actor: reading.actor,
    verb: "",
    noun: "",
    source: "review" as const,
  }));
};

type Read = { features: Feature[]; outcome: Outcome; leftOut: LeftOut[] };

const takeUp = (before: Read, wish: Wish, reading: Reading): Read => {
  const { outcome } = before;
  const done = (said: string) => ({ ...outcome, done: [...outcome.done, said] });
  if (wish.kind === "agree") return before;
  if (wish.kind === "keep")
    return before.features.some(isAbout(wish.what))
      ? { ...before, outcome: done(`Stays: ${quote(wish.what)}.`) }
      : { ...before, outcome: { ...outcome, open: [...outcome.open, notTakenUp(wish.said)] } };
  const { items, outcome: changed, leftOut } = applyWish(before.features, wish);
  const added = wish.kind === "replace" && changed === null ? [] : additionsIn(wish, reading);
  if (changed === null && added.length === 0)
    return { ...before, outcome: { ...outcome, open: [...outcome.open, notTakenUp(wish.said)] } };
  const says = [
    ...(changed ? [changed] : []),
    ...(added.length > 0 ? [`Added: ${added.map(({ title }) => quote(title)).join(", ")}.`] : []),
  ];
  return {
    features: withoutRepeats([...items, ...added]),
    outcome: { ...outcome, done: [...outcome.done, ...says] },
    leftOut: [...before.leftOut, ...leftOut],
  };
};

/** Takes up a person's wishes one after another, and says of each whether it was. */
export const takeUpAll = (
  features: readonly Feature[],
  wishes: readonly Wish[],
  reading: Reading,
): Read =>
  wishes.reduce<Read>((read, wish) => takeUp(read, wish, reading), {
    features: [...features],
    outcome: { done: [], open: [] },
    leftOut: [],
  });

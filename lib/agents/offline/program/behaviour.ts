import type { Requirement } from "../../contents/software-specification.ts";
import { verbOf } from "../components.ts";
import { accessOf } from "../words.ts";
import type { ProgramPart } from "./parts.ts";

/** What a route does. src/operations.js has a function for each, test/requirements.test.js a trial. */
const kinds = {
  add: { method: "POST", suffix: "", run: "add" },
  list: { method: "GET", suffix: "", run: "list" },
  view: { method: "GET", suffix: "", run: "listView" },
  change: { method: "PATCH", suffix: "/{id}", run: "change" },
  remove: { method: "DELETE", suffix: "/{id}", run: "remove" },
  history: { method: "GET", suffix: "/{id}", run: "history" },
  rate: { method: "POST", suffix: "/{id}", run: "rate" },
  comment: { method: "POST", suffix: "/{id}", run: "comment" },
  share: { method: "POST", suffix: "/{id}", run: "share" },
  sign: { method: "POST", suffix: "/{id}", run: "sign" },
  mark: { method: "POST", suffix: "/{id}", run: "mark" },
  export: { method: "GET", suffix: "", run: "exportCsv" },
  collect: { method: "POST", suffix: "", run: "collect" },
} as const;

type Kind = keyof typeof kinds;

/** Where a collected list comes from: entities, the list that they have, and the date that plans it. */
type Source = { entities: readonly string[]; list: string; date: string };

/** How a program meets a requirement. */
export type Behaviour = (typeof kinds)[Kind] & {
  kind: Kind;
  /** The last argument of the function: a view, an action or a source. */
  argument?: string | Source;
};

/** Verbs that say more than what they do to stored data. */
const byVerb: Readonly<Record<string, Kind>> = {
  rate: "rate",
  score: "rate",
  grade: "rate",
  comment: "comment",
  reply: "comment",
  review: "comment",
  react: "comment",
  share: "share",
  like: "sign",
  vote: "sign",
  join: "sign",
  follow: "sign",
  attend: "sign",
  subscribe: "sign",
  participate: "sign",
  enrol: "sign",
  enroll: "sign",
  export: "export",
  download: "export",
  delete: "remove",
  remove: "remove",
  approve: "mark",
  assign: "mark",
  complete: "mark",
  confirm: "mark",
  mark: "mark",
};

const views = /\b(overdue|unpaid|open|finished|upcoming)\b/i;
const collected = /\b(?:shopping|grocery)\b.*\blists?\b/i;

const sourceIn = (parts: readonly ProgramPart[]): Source | undefined => {
  const found = parts.filter(({ fields }) => fields.ingredients && fields.planned_for);
  const entities = found.map(({ name }) => name);
  return entities.length > 0 ? { entities, list: "ingredients", date: "planned_for" } : undefined;
};

const readKind = ({ title }: Requirement): Kind => {
  if (/\bhistory\b/i.test(title)) return "history";
  return views.test(title) ? "view" : "list";
};

/** Verbs that make a new entry, whatever was added before. */
const creating = /^(?:add|create|enter|log|note|post|record|register|save|store|submit|write)$/;
/** Verbs of what another user does with an entry that is there. */
const taking = /^(?:book|borrow|claim|hire|rent|reserve)$/;

/** The first verb that adds, and one that always does, make new entries; another one does something with an entry that is there. */
const addKind = (requirement: Requirement, { members }: ProgramPart): Kind => {
  const verb = verbOf(requirement);
  const isAdding = (each: Requirement) =>
    !(verbOf(each) in byVerb) && accessOf(verbOf(each)) === "add";
  const first = members.find((each) => verbOf(each) !== "" && isAdding(each));
  if (verb === "" || !first || verbOf(first) === verb || creating.test(verb)) return "add";
  return taking.test(verb) ? "sign" : "mark";
};

const kindOf = (requirement: Requirement, part: ProgramPart, source: Source | undefined): Kind => {
  const verb = verbOf(requirement);
  if (source && part.fields.items && collected.test(requirement.title)) return "collect";
  if (verb === "") return "add";
  if (Object.hasOwn(byVerb, verb)) return byVerb[verb] ?? "mark";
  const access = accessOf(verb);
  if (access === "read") return readKind(requirement);
  if (access === "remove") return "mark";
  return access === "change" ? "change" : addKind(requirement, part);
};

const argumentOf = (kind: Kind, requirement: Requirement, source: Source | undefined) => {
  if (kind === "collect") return source;
  if (kind === "mark" || kind === "sign") return verbOf(requirement);
  return kind === "view" ? views.exec(requirement.title)?.[1]?.toLowerCase() : undefined;
};

/** Says how a program meets a requirement of a part. */
export const behaviourOf = (
  requirement: Requirement,
  part: ProgramPart,
  parts: readonly ProgramPart[],
): Behaviour => {
  const source = sourceIn(parts);
  const kind = kindOf(requirement, part, source);
  const argument = argumentOf(kind, requirement, source);
  return { kind, ...kinds[kind], ...(argument !== undefined && { argument }) };
};

/** Verbs that reach outside a program which only keeps entries, or compute. */
const outward =
  /^(?:alert|announce|authenticate|automate|broadcast|call|charge|connect|deliver|deploy|detect|donate|email|forecast|import|inform|integrate|locate|navigate|notify|pay|play|predict|print|push|recommend|refund|remind|scan|send|show|display|simulate|stream|subscribe|synchroni[sz]e|sync|train|transfer|translate|trigger|upload|warn|analy[sz]e|calculate|compute|compare|estimate|rank|summari[sz]e|visuali[sz]e)$/;

/** Whether the program keeps entries about it only, and does not do it. */
export const isKeptOnly = (requirement: Requirement, { kind }: Behaviour): boolean =>
  kind !== "collect" && (verbOf(requirement) === "" || outward.test(verbOf(requirement)));

/** The kinds of fields that src/fields.js of a program knows. */
type FieldKind = "text" | "number" | "whole" | "boolean" | "date" | "list";
export type EntityFields = Readonly<Record<string, FieldKind>>;

/** What the program sets by itself in each entry. */
const ownFields = ["id", "owner", "version", "created_at", "updated_at"];

/** EntityFields of the usual things. The first row that fits counts. */
const usual: readonly { of: RegExp; fields: EntityFields }[] = [
  {
    of: /\b(?:recipe|dishe?|meal|menu)s?\b/,
    fields: { ingredients: "list", steps: "list", portions: "whole", planned_for: "date" },
  },
  { of: /\blists?$/, fields: { items: "list", due_on: "date", done: "boolean" } },
  {
    of: /\b(?:booking|reservation|appointment|room|table|seat|time|slot|event|shift)s?\b/,
    fields: { starts_at: "date", ends_at: "date", place: "text" },
  },
  {
    of: /\b(?:message|chat|conversation|mail|email|notification|reminder)s?\b/,
    fields: { text: "text", group: "text" },
  },
  {
    of: /\b(?:task|to-?do|ticket|issue|card|chore)s?\b/,
    fields: { due_on: "date", assignee: "text", done: "boolean" },
  },
  {
    of: /\b(?:invoice|expense|payment|bill|budget|order|purchase|basket|cart)s?\b/,
    fields: {
      amount_cents: "whole",
      currency: "text",
      items: "list",
      due_on: "date",
      paid: "boolean",
    },
  },
  {
    of: /\b(?:product|item|article|good|stock|part|book)s?\b/,
    fields: { category: "text", price_cents: "whole", stock: "whole" },
  },
  {
    of: /\b(?:reading|sensor|measurement|temperature|value|alert|figure|metric|report|statistic)s?\b/,
    fields: { value: "number", unit: "text", place: "text", measured_at: "date" },
  },
  {
    of: /\b(?:inspection|visit|check|survey|observation|diary|diaries|log)s?\b/,
    fields: { happened_on: "date", place: "text", text: "text" },
  },
  {
    of: /\b(?:lesson|course|quiz|quizze|exam|student|word)s?\b/,
    fields: { text: "text", minutes: "whole", done: "boolean" },
  },
  {
    of: /\b(?:game|score|player|level|match|matche|result)s?\b/,
    fields: { score: "number", level: "whole", done: "boolean" },
  },
  {
    of: /\b(?:post|comment|photo|blog|page|note|review|story|storie)s?\b/,
    fields: { text: "text", topic: "text" },
  },
];

/** EntityFields that an entity needs, by the verb of what is done with it. */
const byVerb: Readonly<Record<string, EntityFields>> = {
  assign: { assignee: "text" },
  borrow: { due_on: "date" },
  browse: { category: "text" },
  buy: { amount: "whole" },
  complete: { done: "boolean" },
  finish: { done: "boolean" },
  monitor: { value: "number", unit: "text" },
  order: { amount: "whole" },
  pay: { paid: "boolean" },
  plan: { due_on: "date" },
  put: { amount: "whole" },
  record: { value: "number", unit: "text" },
  schedule: { due_on: "date" },
  track: { state: "text" },
};

/** Gives the fields of an entity, by its name in words ("shopping lists") and the verbs of what is done with it. */
export const fieldsOf = (entity: string, verbs: readonly string[]): EntityFields => ({
  name: "text",
  ...usual.find(({ of }) => of.test(entity))?.fields,
  ...Object.assign({}, ...verbs.map((verb) => (Object.hasOwn(byVerb, verb) ? byVerb[verb] : {}))),
  details: "text",
  tags: "list",
  shared_with: "list",
});

/** Lists the names of an entity's fields with those that the program sets. */
export const fieldNames = (fields: EntityFields): string[] => [
  ...ownFields,
  ...Object.keys(fields),
];

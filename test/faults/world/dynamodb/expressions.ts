import { matchesExprFilter } from "dynalite/db/index.js";
import { validateExpressions } from "dynalite/validations/index.js";
import type { AttributeMap, Expressions } from "./wire.ts";

/** An error that is answered to the client: its name, and what the service says beside it. */
export class Refusal extends Error {
  override readonly name: string;
  readonly fields: Record<string, unknown>;

  constructor(name: string, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = name;
    this.fields = fields;
  }
}

type Section = {
  type: "add" | "delete" | "remove";
  path: [string];
  attrType?: string;
  val?: AttributeMap[string];
};

type Tree = { expression: unknown };
type Read = { _condition?: Tree; _keyCondition?: Tree; _updates?: { sections: Section[] } };

type Parsed = {
  condition: (item: AttributeMap) => boolean;
  keyCondition: (item: AttributeMap) => boolean;
  updates: readonly Section[];
};

const always = () => true;

const matcher = (tree: Tree | undefined) =>
  tree ? (item: AttributeMap) => matchesExprFilter(item, tree.expression) : always;

/** Which value a stand-in stands for. */
const standsFor = new WeakMap<object, string>();

const sample = (type: string): unknown => {
  if (type === "N") return "0";
  return type === "SS" ? ["a"] : "a";
};

/** The same expressions come again and again with other values: these stand in their places. */
const standIns = (values: AttributeMap): AttributeMap =>
  Object.fromEntries(
    Object.entries(values).map(([name, typed]) => {
      const [type = ""] = Object.keys(typed);
      const standIn = { [type]: sample(type) };
      standsFor.set(standIn, name);
      return [name, standIn];
    }),
  );

/** A parsed expression with a request's values in the places of the stand-ins. */
const fillIn = <T>(tree: T, values: AttributeMap): T => {
  if (tree === null || typeof tree !== "object") return tree;
  const name = standsFor.get(tree);
  if (name !== undefined) return values[name] as T;
  if (Array.isArray(tree)) return tree.map((part) => fillIn(part, values)) as T;
  return Object.fromEntries(
    Object.entries(tree).map(([key, part]) => [key, fillIn(part, values)]),
  ) as T;
};

const parsed = new Map<string, Read>();

const parse = (request: Expressions): Read => {
  const { ConditionExpression, KeyConditionExpression, UpdateExpression } = request;
  const { ExpressionAttributeNames, ExpressionAttributeValues: values } = request;
  const data: Expressions = {
    ...(ConditionExpression && { ConditionExpression }),
    ...(KeyConditionExpression && { KeyConditionExpression }),
    ...(UpdateExpression && { UpdateExpression }),
    ...(ExpressionAttributeNames && { ExpressionAttributeNames }),
    ...(values && { ExpressionAttributeValues: standIns(values) }),
  };
  const name = JSON.stringify(data);
  const known = parsed.get(name);
  if (known) return known;
  const problem = validateExpressions(data);
  if (problem) throw new Refusal("ValidationException", problem);
  parsed.set(name, data as Read);
  return data as Read;
};

/**
 * A request's expressions, read and judged by dynalite's own code.
 *
 * @throws Refusal for what is no expression
 */
export const readExpressions = (request: Expressions): Parsed => {
  const values = request.ExpressionAttributeValues ?? {};
  const { _condition, _keyCondition, _updates } = parse(request);
  return {
    condition: matcher(_condition && fillIn(_condition, values)),
    keyCondition: matcher(_keyCondition && fillIn(_keyCondition, values)),
    updates: _updates ? fillIn(_updates.sections, values) : [],
  };
};

type Members = Record<string, string[]>;

const membersOf = (item: AttributeMap, name: string, type: string) =>
  (item[name] as Members | undefined)?.[type] ?? [];

const edits = {
  remove: (item: AttributeMap, { path: [name] }: Section): AttributeMap => {
    const { [name]: _, ...rest } = item;
    return rest;
  },
  add: (item: AttributeMap, { path: [name], attrType = "", val }: Section): AttributeMap => {
    const added = (val as Members)[attrType] ?? [];
    return {
      ...item,
      [name]: { [attrType]: [...new Set([...membersOf(item, name, attrType), ...added])] },
    };
  },
  delete: (item: AttributeMap, { path: [name], attrType = "", val }: Section): AttributeMap => {
    const gone = (val as Members)[attrType] ?? [];
    const left = membersOf(item, name, attrType).filter((member) => !gone.includes(member));
    const { [name]: _, ...rest } = item;
    return left.length > 0 ? { ...rest, [name]: { [attrType]: left } } : rest;
  },
} as const satisfies Record<
  Section["type"],
  (item: AttributeMap, section: Section) => AttributeMap
>;

/** What an update makes of an item: sets grow and shrink, attributes go. Other kinds are not used here. */
export const applyUpdates = (item: AttributeMap, updates: readonly Section[]): AttributeMap =>
  updates.reduce((current, section) => {
    const edit = edits[section.type];
    if (!edit) throw new Refusal("ValidationException", `No ${section.type} in this model`);
    return edit(current, section);
  }, item);

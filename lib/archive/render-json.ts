import { canonicalJson, isObject, type Json } from "../domain/json.ts";
import { type Fields, fieldsOf, isScalar, textOf } from "./json-fields.ts";
import { bullets, fenced, heading, inline, paragraph, plain, table } from "./markdown.ts";

const mostColumns = 6;
const longestCell = 200;
const longestFact = 80;
/** Deeper than this the nesting is shown as JSON. */
const deepest = 8;

/** What a thing is comes first, what was said of it last, the rest by name: the same JSON gives the same text. */
const first =
  "id name title step check case decision risk point summary overview method path goals milestones requirements components tasks cases status result";
const last = "notes open_questions next_steps feedback appendix";
const places = new Map([
  ...first.split(" ").map((key, n) => [key, n] as const),
  ...last.split(" ").map((key, n) => [key, 101 + n] as const),
]);
const placeOf = (key: string) => places.get(key) ?? 100;
const byPlace = (one: string, other: string) =>
  placeOf(one) - placeOf(other) || (one < other ? -1 : 1);
const keysOf = (fields: Fields): string[] => Object.keys(fields).sort(byPlace);

/** A field's name as words. */
export const label = (key: string): string => {
  const words = key
    .replace(/[_\s]+/g, " ")
    .trim()
    .slice(0, 100);
  return words === "" ? "(no name)" : words.charAt(0).toUpperCase() + words.slice(1);
};

const scalarText = (value: Json | undefined): string =>
  value === null || value === undefined || value === "" ? "–" : String(value);

const isLine = (value: Json, longest: number): boolean =>
  isScalar(value) && String(value).length <= longest && !/[\r\n]/.test(String(value).trim());

const isFlat = (value: Json): boolean =>
  Array.isArray(value)
    ? value.every(isScalar) && isLine(value.join(", "), longestCell)
    : isLine(value, longestCell);

const cell = (value: Json | undefined): string =>
  inline(Array.isArray(value) ? value.map(scalarText).join(", ") || "–" : scalarText(value));

const columnsOf = (rows: readonly Fields[]): string[] =>
  [...new Set(rows.flatMap((row) => Object.keys(row)))].sort(byPlace);

/** A table where every item fits a row of it. Any key may come, also one that every object inherits. */
const tableOf = (items: readonly Json[]): string | undefined => {
  if (!items.every((item) => isObject(item) && Object.values(item).every(isFlat))) return undefined;
  const rows = items.map(fieldsOf);
  const columns = columnsOf(rows);
  if (columns.length === 0 || columns.length > mostColumns) return undefined;
  return table(
    columns.map((key) => inline(label(key))),
    rows.map((row) => columns.map((key) => cell(Object.hasOwn(row, key) ? row[key] : null))),
  );
};

/** What names a thing well enough to be its heading. */
const isName = (key: string, value: Json | undefined): boolean =>
  ["id", "name", "title"].includes(key) && isLine(value ?? null, 100) && !!textOf(value);

/** A heading for the nth of a list, and what is left to say of it. */
const headed = (item: Json, n: number): { title: string; rest: Json | undefined } => {
  if (!isObject(item)) return { title: `${n + 1}`, rest: item };
  const names = keysOf(item).filter((key) => isName(key, item[key]));
  const others = Object.entries(item).filter(([key]) => !names.includes(key));
  return {
    title: names.map((key) => String(item[key])).join(": ") || `${n + 1}`,
    rest: names.length > 0 && others.length === 0 ? undefined : Object.fromEntries(others),
  };
};

const renderList = (items: readonly Json[], level: number): string[] => {
  if (items.length === 0) return ["None."];
  if (items.every((item) => isLine(item, Number.POSITIVE_INFINITY)))
    return [bullets(items.map((item) => plain(scalarText(item))))];
  if (items.every(isScalar)) return items.map((item) => paragraph(scalarText(item)));
  const rows = tableOf(items);
  if (rows) return [rows];
  return items.flatMap((item, n) => {
    const { title, rest } = headed(item, n);
    return [heading(level, title), ...(rest === undefined ? [] : renderJson(rest, level + 1))];
  });
};

const proper = ["summary", "overview"];

/** Below a document's own sections, short lists are facts, too. */
const fits = (value: Json, level: number): boolean =>
  Array.isArray(value)
    ? level > 2 && value.every(isScalar) && isLine(value.join(", "), longestFact)
    : isLine(value, longestFact);

/** Short facts as one list, everything else under its name. */
const renderObject = (fields: Fields, level: number): string[] => {
  const isFact = (key: string) => !proper.includes(key) && fits(fields[key] ?? null, level);
  const keys = keysOf(fields);
  const facts = keys.filter(isFact);
  const others = keys.filter((key) => !isFact(key));
  const factList = facts.map((key) => `**${inline(label(key))}:** ${cell(fields[key])}`);
  return [
    ...(factList.length > 0 ? [bullets(factList)] : []),
    ...others.flatMap((key) => [
      heading(level, label(key)),
      ...renderJson(fields[key] ?? null, level + 1),
    ]),
  ];
};

/** Any JSON as blocks of Markdown, its headings from `level` on. */
export const renderJson = (value: Json, level: number): string[] => {
  if (isScalar(value)) return [paragraph(scalarText(value))];
  if (level > deepest) return [fenced(canonicalJson(value), "json")];
  if (Array.isArray(value)) return renderList(value, level);
  return Object.keys(value).length === 0 ? ["None."] : renderObject(value, level);
};

import { canonicalJson, isObject, type Json } from "../domain/json.ts";
import { markdownInline, markdownLine } from "../domain/markdown-text.ts";
import { type Fields, fieldsOf, isScalar, textOf } from "./json-fields.ts";
import { bullets, fenced, heading, paragraph, table } from "./markdown.ts";

/** Most columns of a table. A list whose objects have more fields is not shown as a table. */
const maxColumns = 6;
/** Most characters of a table's cell, and of a fact on one line. */
const maxCellCharacters = 200;
const maxFactCharacters = 80;
/** The heading level below which a value is shown as JSON. */
const maxLevel = 8;

/** The order of fields: these, then all others by name, then `lastFields`. So the same JSON gives the same text. */
const firstFields =
  "id name title step check case decision risk point summary overview method path goals milestones requirements components tasks cases status result";
const lastFields = "notes open_questions next_steps feedback appendix";
const places = new Map([
  ...firstFields.split(" ").map((key, n) => [key, n] as const),
  ...lastFields.split(" ").map((key, n) => [key, 101 + n] as const),
]);
const placeOf = (key: string) => places.get(key) ?? 100;
const byPlace = (one: string, other: string) =>
  placeOf(one) - placeOf(other) || (one < other ? -1 : 1);
const keysOf = (fields: Fields): string[] => Object.keys(fields).sort(byPlace);

/** Writes a field's name as words: `next_steps` becomes "Next steps". */
export const label = (key: string): string => {
  const words = key
    .replace(/[_\s]+/g, " ")
    .trim()
    .slice(0, 100);
  return words === "" ? "(no name)" : words.charAt(0).toUpperCase() + words.slice(1);
};

const scalarText = (value: Json | undefined): string =>
  value === null || value === undefined || value === "" ? "–" : String(value);

const isLine = (value: Json, maxCharacters: number): boolean =>
  isScalar(value) && String(value).length <= maxCharacters && !/[\r\n]/.test(String(value).trim());

const isFlat = (value: Json): boolean =>
  Array.isArray(value)
    ? value.every(isScalar) && isLine(value.join(", "), maxCellCharacters)
    : isLine(value, maxCellCharacters);

const cell = (value: Json | undefined): string =>
  markdownInline(
    Array.isArray(value) ? value.map(scalarText).join(", ") || "–" : scalarText(value),
  );

const columnsOf = (rows: readonly Fields[]): string[] =>
  [...new Set(rows.flatMap((row) => Object.keys(row)))].sort(byPlace);

/** Makes a table when every item fits into a row; otherwise gives undefined. A key may be any text, even `constructor`. */
const tableOf = (items: readonly Json[]): string | undefined => {
  if (!items.every((item) => isObject(item) && Object.values(item).every(isFlat))) return undefined;
  const rows = items.map(fieldsOf);
  const columns = columnsOf(rows);
  if (columns.length === 0 || columns.length > maxColumns) return undefined;
  return table(
    columns.map((key) => markdownInline(label(key))),
    rows.map((row) => columns.map((key) => cell(Object.hasOwn(row, key) ? row[key] : null))),
  );
};

/** Tells whether a field can be the heading of its item. */
const isName = (key: string, value: Json | undefined): boolean =>
  ["id", "name", "title"].includes(key) && isLine(value ?? null, 100) && !!textOf(value);

/** Gives the heading of the nth item of a list, and the item without the fields that the heading shows. */
const splitHeading = (item: Json, n: number): { title: string; rest: Json | undefined } => {
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
    return [bullets(items.map((item) => markdownLine(scalarText(item))))];
  if (items.every(isScalar)) return items.map((item) => paragraph(scalarText(item)));
  const rows = tableOf(items);
  if (rows) return [rows];
  return items.flatMap((item, n) => {
    const { title, rest } = splitHeading(item, n);
    return [heading(level, title), ...(rest === undefined ? [] : renderJson(rest, level + 1))];
  });
};

const fieldsWithHeading = ["summary", "overview"];

/** Tells whether a value is shown as a fact on one line. Below level 2 this includes a short list. */
const isShortFact = (value: Json, level: number): boolean =>
  Array.isArray(value)
    ? level > 2 && value.every(isScalar) && isLine(value.join(", "), maxFactCharacters)
    : isLine(value, maxFactCharacters);

/** Writes facts as one list, and every other field below a heading of its own. */
const renderObject = (fields: Fields, level: number): string[] => {
  const isFact = (key: string) =>
    !fieldsWithHeading.includes(key) && isShortFact(fields[key] ?? null, level);
  const keys = keysOf(fields);
  const facts = keys.filter(isFact);
  const others = keys.filter((key) => !isFact(key));
  const factList = facts.map((key) => `**${markdownInline(label(key))}:** ${cell(fields[key])}`);
  return [
    ...(factList.length > 0 ? [bullets(factList)] : []),
    ...others.flatMap((key) => [
      heading(level, label(key)),
      ...renderJson(fields[key] ?? null, level + 1),
    ]),
  ];
};

/** Renders any JSON as blocks of Markdown. Its headings begin at `level`. */
export const renderJson = (value: Json, level: number): string[] => {
  if (isScalar(value)) return [paragraph(scalarText(value))];
  if (level > maxLevel) return [fenced(canonicalJson(value), "json")];
  if (Array.isArray(value)) return renderList(value, level);
  return Object.keys(value).length === 0 ? ["None."] : renderObject(value, level);
};

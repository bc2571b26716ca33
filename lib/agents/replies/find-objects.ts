import { isObject } from "../../domain/json.ts";
import { type JsonScan, scanJson, strictJson, type TextSpan } from "./scan-json.ts";

/** An object in a text, and how its text was mended before it could be read. */
export type FoundObject = { value: { [key: string]: unknown }; mends: string[] };

/** Whether a text that begins so is the wanted object. */
type IsWanted = (beginning: string) => boolean;

/** Characters that are scanned for each character of the text, at most: no text makes this slow. */
const maxScansOfText = 16;
/** A text may hold any number of small objects; the last ones are read. */
const maxCandidates = 100;
/** JSON in a JSON string in a JSON string … */
const maxWrappings = 3;
/** Characters of an object by which it is known. */
const maxBeginning = 200;

/** Chooses the whole objects of a scan, without those that are inside others. */
const outermost = (text: string, { whole }: JsonScan): TextSpan[] => {
  const found: TextSpan[] = [];
  let start = Number.POSITIVE_INFINITY;
  for (const span of whole.toReversed()) {
    if (span.end > start || text[span.start] !== "{") continue;
    start = span.start;
    found.push(span);
  }
  return found.reverse();
};

/** Finds where the next object may begin. */
const nextObject = (text: string, from: number): number => {
  const beginning = /\{(?:[\s\uFEFF]+|\/\/[^\n]{0,500}\n|\/\*[^*]{0,500}\*\/)*["'}“”„‟]/g;
  beginning.lastIndex = from;
  return beginning.exec(text)?.index ?? -1;
};

/** Finds what looks like whole objects; none when the text's end cuts off the wanted one. */
const scanText = (text: string, isWanted: IsWanted): TextSpan[] => {
  const candidates: TextSpan[] = [];
  const tried = new Set<number>();
  let left = maxScansOfText * text.length;
  let at = nextObject(text, 0);
  while (at >= 0 && left > 0) {
    const scan = scanJson(text, at);
    if (scan.open.some((start) => isWanted(text.slice(start, start + maxBeginning)))) return [];
    for (const start of scan.begun) tried.add(start);
    candidates.push(...outermost(text, scan));
    left -= scan.end - at;
    at = nextObject(text, scan.isWhole ? scan.end : at + 1);
    while (tried.has(at)) at = nextObject(text, at + 1);
  }
  return candidates;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readSpan = (text: string, span: TextSpan): FoundObject[] => {
  const value = parsed(text.slice(span.start, span.end));
  if (isObject(value)) return [{ value, mends: [] }];
  const { edits } = scanJson(text, span.start);
  const mended = parsed(strictJson(text, span, edits));
  const mends = [...new Set(edits.map(({ what }) => `${what} was mended`))];
  return isObject(mended) ? [{ value: mended, mends }] : [];
};

/** Gives the text inside of a JSON string, or of one whose quotes are missing; null when it is neither. */
const unwrapped = (text: string): string | null => {
  const inner = text.slice(text.indexOf('"'), text.lastIndexOf('"') + 1);
  const quoted = [text, inner, `"${text}"`].map(parsed).find((value) => typeof value === "string");
  return typeof quoted === "string" ? quoted : null;
};

/**
 * Finds the whole JSON objects in a text that may have anything around them, the last one first. An object within another one
 * is a part of it.
 *
 * @param isWanted where the end of the text cuts off an object that begins so, there is none: what comes before is a draft
 */
export const findObjects = (text: string, isWanted: IsWanted, wrappings = 0): FoundObject[] => {
  const found = scanText(text, isWanted)
    .slice(-maxCandidates)
    .toReversed()
    .flatMap((span) => readSpan(text, span));
  if (found.length > 0 || wrappings >= maxWrappings || !text.includes('\\"')) return found;
  const inner = unwrapped(text.trim());
  if (inner === null) return [];
  return findObjects(inner, isWanted, wrappings + 1).map(({ value, mends }) => ({
    value,
    mends: ["it was written as a JSON string", ...mends],
  }));
};

/** Reads a text that is one JSON object or list, mended where it has one meaning only; null for any other. */
export const readJson = (text: string): { value: unknown; mends: string[] } | null => {
  const strict = parsed(text);
  if (strict !== null && typeof strict === "object") return { value: strict, mends: [] };
  const start = text.search(/\S/);
  if (start < 0 || !"{[".includes(text.charAt(start))) return null;
  const { isWhole, end, edits } = scanJson(text, start);
  if (!isWhole || text.slice(end).trim() !== "") return null;
  const value = parsed(strictJson(text, { start, end }, edits));
  return value === undefined
    ? null
    : { value, mends: [...new Set(edits.map(({ what }) => `${what} was mended`))] };
};

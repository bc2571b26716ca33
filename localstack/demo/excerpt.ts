import type { ContextArtifact } from "../../lib/domain/artifact/artifact.ts";
import { clean } from "./text.ts";

type Content = Record<string, unknown>;

/** The part of an artifact that a person sees. */
export type ShownArtifact = Pick<ContextArtifact, "artifact_type" | "version" | "content">;

/** The parts of an artifact that a person judges it by: title, summary, some figures, the beginnings of its lists. */
export type Excerpt = {
  title: string;
  summary: string;
  figures: string;
  lists: { name: string; items: string[]; more: number }[];
};

const maxLists = 2;
const maxItems = 3;
const maxFigures = 4;

const isContent = (value: unknown): value is Content =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown) => (typeof value === "string" ? clean(value) : "");

/** Makes "Software specification" of "software_specification". */
export const titled = (name: string) =>
  `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;

/** Lists that come before all others. */
const firsts = ["feedback", "failures"];
const leads = ["status", "id", "method", "path", "step"];
const labels = ["taken_up", "title", "name", "text", "case", "purpose", "detail"];

/** Writes an item of a list in one line: its id or name, then its text. */
const itemOf = (item: unknown): string => {
  if (!isContent(item)) return clean(typeof item === "string" ? item : JSON.stringify(item));
  const lead = leads.map((key) => textOf(item[key])).filter(Boolean);
  const label = labels.map((key) => textOf(item[key])).find(Boolean);
  const named = [...lead, ...(label ? [label] : [])];
  const said = named.length > 0 ? named : Object.values(item).map(textOf).filter(Boolean);
  return said.slice(0, 3).join(" ");
};

const summaryOf = (content: Content) =>
  textOf(content.summary) || textOf(content.overview) || textOf(content.description);

const figuresOf = (content: Content) =>
  Object.entries(content)
    .filter(([, value]) => typeof value === "number" || typeof value === "boolean")
    .slice(0, maxFigures)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`)
    .join(", ");

const listsOf = (content: Content) =>
  Object.entries(content)
    .filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length > 0)
    .sort(([a], [b]) => Number(firsts.includes(b)) - Number(firsts.includes(a)))
    .slice(0, maxLists)
    .map(([name, items]) => ({
      name: titled(name),
      items: items.slice(0, maxItems).map(itemOf),
      more: Math.max(0, items.length - maxItems),
    }));

/** Makes an excerpt of an artifact, whose content may be any JSON. */
export const excerptOf = ({ artifact_type, content }: ShownArtifact): Excerpt => {
  const title = titled(artifact_type);
  if (!isContent(content)) {
    return { title, summary: itemOf(content), figures: "", lists: [] };
  }
  return {
    title: textOf(content.title) || title,
    summary: summaryOf(content),
    figures: figuresOf(content),
    lists: listsOf(content),
  };
};

import { canonicalJson, type Json } from "../domain/json.ts";
import { toBytes } from "./digest.ts";
import { fieldsOf } from "./json-fields.ts";

export type SourceFile = { original_path: string; language: Json; data: Uint8Array };

/** Keys in one order whatever order they came in; indented unless hostile nesting makes that too much. */
const textOf = (content: Json): string => {
  if (typeof content === "string") return content;
  const compact = canonicalJson(content);
  const indented = JSON.stringify(JSON.parse(compact), null, 2);
  return `${indented.length > 4 * compact.length + 1_000 ? compact : indented}\n`;
};

const fileOf = (entry: Json): SourceFile | undefined => {
  const { path, content = null, language = null } = fieldsOf(entry);
  if (typeof path !== "string" || path.trim() === "" || content === null) return undefined;
  return { original_path: path, language, data: toBytes(textOf(content)) };
};

/**
 * The files that a source_code artifact holds, `most` of them at the most, and how many of its entries are left:
 * these have no path or no content, or are too many. Models write such JSON, and people may put any.
 */
export const sourceFilesOf = (
  content: Json,
  most: number,
): { files: SourceFile[]; left: number } => {
  const { files: entries } = fieldsOf(content);
  if (!Array.isArray(entries)) return { files: [], left: 0 };
  const files = entries.flatMap((entry) => fileOf(entry) ?? []).slice(0, most);
  return { files, left: entries.length - files.length };
};

import { canonicalJson, type Json } from "../domain/json.ts";
import { toBytes } from "./digest.ts";
import { fieldsOf } from "./json-fields.ts";

export type SourceFile = { original_path: string; language: Json; data: Uint8Array };

/** Writes a content as text: JSON with sorted keys, indented unless deep nesting would make it far larger. */
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
 * Reads the files of a source_code artifact. Its content may be any JSON: models and people write it.
 *
 * @param maxFiles how many files to read at most
 * @returns the files, and how many entries were skipped: they have no path or no content, or come after `maxFiles` files
 */
export const sourceFilesOf = (
  content: Json,
  maxFiles: number,
): { files: SourceFile[]; skipped: number } => {
  const { files: entries } = fieldsOf(content);
  if (!Array.isArray(entries)) return { files: [], skipped: 0 };
  const files = entries.flatMap((entry) => fileOf(entry) ?? []).slice(0, maxFiles);
  return { files, skipped: entries.length - files.length };
};

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { Report } from "./mistakes.ts";

/** A file that begins with YAML front matter between two lines of `---`. `body` is the text below it. */
export type DefinitionFile = { file: string; matter: unknown; body: string };

const frontMatter = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n([\s\S]*))?$/;

const matterOf = (file: string, source: string, report: Report): unknown => {
  const document = parseDocument(source);
  for (const { message } of document.errors)
    report({ file, field: "", reason: `Front matter: ${message.trim().split("\n")[0]}` });
  return document.errors.length > 0 ? undefined : (document.toJS() ?? {});
};

/**
 * Reads a definition file. Reports its mistakes, and gives undefined when there is one.
 *
 * @param file relative to `root`, as mistakes name it
 * @throws Error when the file cannot be read
 */
export const readDefinition = (
  root: string,
  file: string,
  report: Report,
): DefinitionFile | undefined => {
  const source = readFileSync(join(root, file), "utf8")
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n");
  const [whole, yaml = "", body = ""] = frontMatter.exec(source) ?? [];
  if (whole === undefined) {
    report({ file, field: "", reason: "Must begin with front matter between two lines of ---" });
    return undefined;
  }
  const matter = matterOf(file, yaml, report);
  return matter === undefined ? undefined : { file, matter, body: body.trim() };
};

/** A file or folder. */
export type Entry = { name: string; isFolder: boolean };

/** Lists a folder, sorted by name, without hidden files and README.md. A folder that does not exist is empty. */
export const entriesOf = (root: string, folder: string): Entry[] => {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith(".") && name !== "README.md")
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
};

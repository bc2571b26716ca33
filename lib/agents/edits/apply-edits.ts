import type { SourceCodeFile } from "../contents/source-code.ts";
import { replaceOnce } from "./replace-text.ts";
import type { SourceEdit } from "./source-edits.ts";

type Files = ReadonlyMap<string, SourceCodeFile>;
type Edited = { files: Files } | { problem: string };

/** The path as the files have it: a model may begin it with `./` or `/`. */
const pathIn = (files: Files, path: string): string => {
  if (files.has(path)) return path;
  const plain = path
    .trim()
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/+)+/, "");
  return plain || path;
};

const noSuchFile = (path: string) => ({ problem: `There is no file ${path}.` });

const write = (files: Files, { content, language }: SourceEdit, path: string): Edited => {
  if (content === undefined) return { problem: "`content` is missing." };
  const known = language ?? files.get(path)?.language ?? "text";
  return { files: new Map(files).set(path, { path, language: known, content }) };
};

const foundProblems = {
  none: "`search` is not in it: copy the lines exactly as they stand there.",
  many: "`search` is in it more than once: add lines around it.",
} as const;

const replace = (files: Files, { search, replace: by }: SourceEdit, path: string): Edited => {
  const file = files.get(path);
  if (!file) return noSuchFile(path);
  if (search === undefined || by === undefined) {
    return { problem: "`search` or `replace` is missing." };
  }
  const found = replaceOnce(file.content, search, by);
  if (typeof found === "string") return { problem: foundProblems[found] };
  return { files: new Map(files).set(path, { ...file, content: found.text }) };
};

const remove = (files: Files, _: SourceEdit, path: string): Edited =>
  files.has(path)
    ? { files: new Map([...files].filter(([other]) => other !== path)) }
    : noSuchFile(path);

const byEdit = { write, replace, remove } as const;

const applyEdit = (files: Files, edit: SourceEdit): Edited =>
  byEdit[edit.edit](files, edit, pathIn(files, edit.path));

/** Problems that are told at once: a model mends few at a time. */
const maxProblems = 10;

/**
 * Makes edits in their order. All must apply, otherwise none counts.
 *
 * @returns the files with their order kept, new ones at the end; or what is wrong, in words for the model
 */
export const applyEdits = (
  before: readonly SourceCodeFile[],
  edits: readonly SourceEdit[],
): { files: SourceCodeFile[] } | { problems: string } => {
  let files: Files = new Map(before.map((file) => [file.path, file]));
  const problems: string[] = [];
  for (const [index, edit] of edits.entries()) {
    const edited = applyEdit(files, edit);
    if ("files" in edited) files = edited.files;
    else problems.push(`edits[${index}] (${edit.edit} ${edit.path}): ${edited.problem}`);
  }
  if (problems.length === 0 && files.size === 0) problems.push("The edits leave no file.");
  if (problems.length > 0) return { problems: problems.slice(0, maxProblems).join("\n") };
  return { files: [...files.values()] };
};

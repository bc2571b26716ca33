import type { SourceCode, SourceCodeFile } from "../contents/source-code.ts";
import { addCheck, type Check, checksPath } from "./program/checks.ts";
import { listed } from "./text.ts";

export type CodeChange = SourceCode["changes"][number];

/** The files of a version, and the changes that led to it. */
export type CodeVersion = { files: SourceCodeFile[]; changes: CodeChange[] };

/** Adds a file, in the place of one with the same path. */
export const putFile = (
  files: readonly SourceCodeFile[],
  file: SourceCodeFile,
): SourceCodeFile[] =>
  files.some(({ path }) => path === file.path)
    ? files.map((each) => (each.path === file.path ? file : each))
    : [...files, file];

const contentAt = (files: readonly SourceCodeFile[], path: string): string | undefined =>
  files.find((file) => file.path === path)?.content;

/** Adds a check with its test, and says so. */
export const withCheck = (
  { files, changes }: CodeVersion,
  check: Check,
  why: { requirement: string | null; reason: string },
): CodeVersion => {
  const next = addCheck(files, check);
  const change = next
    ? `${check.says} The test is test/${check.name}.test.js.`
    : `Left as it is: ${checksPath} has ${check.name} already, or another shape.`;
  return { files: next ?? files, changes: [...changes, { file: checksPath, ...why, change }] };
};

/**
 * Puts what a new design changes into the files. It changes all that the new design needs, or nothing, when somebody else has
 * changed one of those files.
 *
 * @param base the files as the templates wrote them for the old design
 * @param next the same for the new design
 */
export const applyDesign = (
  before: readonly SourceCodeFile[],
  base: readonly SourceCodeFile[],
  next: readonly SourceCodeFile[],
): CodeVersion => {
  const changed = next.filter(({ path, content }) => contentAt(base, path) !== content);
  const foreign = changed
    .map(({ path }) => path)
    .filter((path) => contentAt(before, path) !== contentAt(base, path) && path !== "README.md");
  if (changed.length === 0) return { files: [...before], changes: [] };
  if (foreign.length > 0)
    return {
      files: [...before],
      changes: foreign.slice(0, 5).map((file) => ({
        file,
        requirement: null,
        change: "Left as it is, and what is new was not built.",
        reason:
          "Somebody else has changed this file; the offline coder changes only what it wrote.",
      })),
    };
  return {
    files: changed.reduce<SourceCodeFile[]>(putFile, [...before]),
    changes: [
      {
        file: "src/routes.js",
        requirement: null,
        change: `Written again for the new requirements: ${listed(changed.map(({ path }) => path))}.`,
        reason: "The requirements have changed since the version before.",
      },
    ],
  };
};

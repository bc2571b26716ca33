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

const leaveForeign = (
  before: readonly SourceCodeFile[],
  paths: readonly string[],
): CodeVersion => ({
  files: [...before],
  changes: paths.slice(0, 5).map((file) => ({
    file,
    requirement: null,
    change: "Left as it is; what the requirements have new is not in the code.",
    reason: "Somebody else has changed this file; the offline coder changes only what it wrote.",
  })),
});

/**
 * Puts what a new design changes into the files: adds, replaces and removes. It changes all that the new design needs, or nothing,
 * when somebody else has changed one of those files.
 *
 * @param base the files as the templates wrote them for the old design
 * @param next the same for the new design
 */
export const applyDesign = (
  before: readonly SourceCodeFile[],
  base: readonly SourceCodeFile[],
  next: readonly SourceCodeFile[],
): CodeVersion => {
  const differs = ({ path }: SourceCodeFile) => contentAt(base, path) !== contentAt(next, path);
  const written = next.filter(differs);
  const removed = base.filter((file) => differs(file) && contentAt(next, file.path) === undefined);
  const paths = [...written, ...removed].map(({ path }) => path);
  const foreign = paths.filter(
    (path) => contentAt(before, path) !== contentAt(base, path) && path !== "README.md",
  );
  if (paths.length === 0) return { files: [...before], changes: [] };
  if (foreign.length > 0) return leaveForeign(before, foreign);
  const kept = before.filter(({ path }) => !removed.some((file) => file.path === path));
  return {
    files: written.reduce<SourceCodeFile[]>(putFile, kept),
    changes: [
      {
        file: "src/routes.js",
        requirement: null,
        change: `Written again for the requirements as they are now: ${listed(paths)}.`,
        reason: "The requirements have changed since the version before.",
      },
    ],
  };
};

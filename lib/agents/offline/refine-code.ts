import type { SourceCode, SourceCodeFile } from "../contents/source-code.ts";
import type { Work } from "./brief.ts";
import { applyDesign, type CodeVersion, withCheck } from "./change-code.ts";
import { designOf, designsUntilNow } from "./design.ts";
import { addCheck, staleCheck } from "./program/checks.ts";
import { differingPaths, programFor } from "./program/program.ts";

/** Finds the files that the templates wrote before: those of the design that differs least from the code. */
const baseOf = (work: Work, files: readonly SourceCodeFile[]): SourceCodeFile[] => {
  const programs = designsUntilNow(work).map((design) => ({
    program: programFor(design),
    differing: differingPaths(files, design).length,
  }));
  const [nearest] = programs.toSorted((a, b) => a.differing - b.differing);
  return nearest?.program ?? [];
};

/** Adds what is new in the requirements, and a check that no version of the code began with. */
export const refine = (work: Work, before: SourceCode): CodeVersion => {
  const version = applyDesign(before.files, baseOf(work, before.files), programFor(designOf(work)));
  if (!addCheck(version.files, staleCheck)) return version;
  return withCheck(version, staleCheck, {
    requirement: null,
    reason:
      "Of two people who change an entry at the same moment, the second would overwrite the first.",
  });
};

import type { SourceCode } from "../contents/source-code.ts";
import type { Work } from "./brief.ts";
import { addCheck, type CodeVersion } from "./change-code.ts";
import { type CodeFile, isStored } from "./code-files.ts";
import { specificationOf } from "./software-specification.ts";

const requireUser = {
  name: "requireUser",
  source: `export const requireUser = (call: Call): void => {
  if (call.user.trim() === "") throw new Error("Sign in first");
};
`,
};

const requireDetails = {
  name: "requireDetails",
  source: `export const requireDetails = (call: Call): void => {
  const isEmpty = Object.values(call.details).every((value) => value.trim() === "");
  if (isEmpty) throw new Error("Details are missing");
};
`,
};

const holds = (file: CodeFile, requirement: string) =>
  file.content.includes(`/** ${requirement}: `);

/** Adds checks of the user and the details to code that passed its tests. */
export const refine = (work: Work, before: SourceCode): CodeVersion => {
  const { requirements } = specificationOf(work);
  const ids = requirements.map(({ id }) => id);
  const storing = requirements.filter(isStored).map(({ id }) => id);
  const first = addCheck(before.files, ids, requireUser);
  const second = addCheck(first.files, storing, requireDetails);
  const changes = [...new Set([...first.changed, ...second.changed])].map((path) => ({
    file: path,
    requirement:
      ids.find((id) => before.files.some((file) => file.path === path && holds(file, id))) ?? null,
    change: second.changed.includes(path)
      ? "Every function calls requireUser; those that store something call requireDetails too."
      : "Every function calls requireUser first.",
    reason: `The first version trusted its caller: whoever knew the address reached ${path}.`,
  }));
  return { files: second.files, changes };
};

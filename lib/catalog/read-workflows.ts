import type { Step } from "../domain/workflow/workflow.ts";
import { parseOrReport, type Report } from "./mistakes.ts";
import { type NamedEntry, nameEntries } from "./name-entries.ts";
import { type DefinitionFile, entriesOf, readDefinition } from "./read-file.ts";
import {
  InlineTask,
  snakeCase,
  TaskMatter,
  TaskText,
  type WorkflowDefinition,
  WorkflowFile,
  WorkflowMatter,
  WorkflowText,
} from "./schema.ts";

/** A step with its place, for mistakes that are found later. */
export type ReadStep = { file: string; at: readonly PropertyKey[]; step: Step };
/** A workflow with its steps. `isComplete`: no step is left out because of mistakes. */
export type ReadWorkflow = {
  file: string;
  steps: readonly ReadStep[];
  isComplete: boolean;
  definition: WorkflowDefinition;
};

/** Names that no workflow may have: `none` is for a project without steps, and every object inherits `constructor`. */
const reserved = ["none", "constructor"];
const numbered = /^(\d+)-([a-z0-9_-]+)\.md$/;
const titleOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
const keyOf = (name: string) =>
  snakeCase(
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, ""),
  );

type WrittenStep = Omit<Step, "key" | "agent_type" | "expected_outputs"> & {
  key?: string;
  agent: string;
  expected_outputs?: Step["expected_outputs"];
};

const taskOf = ({ agent, ...written }: WrittenStep, usualKey: string): Step => ({
  ...written,
  key: written.key ?? usualKey,
  agent_type: agent,
  expected_outputs: written.expected_outputs ?? [written.output],
});

const readStep = (root: string, file: string, report: Report): ReadStep[] => {
  const found = readDefinition(root, file, report);
  if (!found) return [];
  const matter = parseOrReport(TaskMatter, found.matter, { file, report });
  const instructions = parseOrReport(TaskText, found.body, { file, at: ["text"], report });
  if (!matter || instructions === undefined) return [];
  const [, , name = ""] = numbered.exec(file.slice(file.lastIndexOf("/") + 1)) ?? [];
  return [{ file, at: [], step: taskOf({ ...matter, instructions }, snakeCase(name)) }];
};

/** Lists the files of a folder's steps, sorted by their numbers. */
const stepFiles = (root: string, path: string, report: Report): string[] => {
  const seen = new Set<number>();
  const files = entriesOf(root, path).filter(({ name }) => name !== "workflow.md");
  const rows = files.flatMap(({ name }) => {
    const file = `${path}/${name}`;
    const [, digits] = numbered.exec(name) ?? [];
    if (digits === undefined) {
      report({
        file,
        field: "",
        reason: "The name must be a number, - and the name of the step: 01-first-step.md",
      });
      return [];
    }
    if (seen.has(Number(digits)))
      report({ file, field: "", reason: `The number ${digits} occurs twice` });
    seen.add(Number(digits));
    return [{ file, number: Number(digits) }];
  });
  return rows.sort((a, b) => a.number - b.number).map(({ file }) => file);
};

const describe = (name: string, title: string | undefined, found: DefinitionFile | undefined) => ({
  name,
  title: title ?? titleOf(name),
  description: found?.body ?? "",
});

const readFolder = (root: string, { name, path }: NamedEntry, report: Report): ReadWorkflow => {
  const file = `${path}/workflow.md`;
  const isThere = entriesOf(root, path).some((entry) => entry.name === "workflow.md");
  if (!isThere) report({ file: path, field: "", reason: "Has no workflow.md" });
  const found = isThere ? readDefinition(root, file, report) : undefined;
  const matter = found && parseOrReport(WorkflowMatter, found.matter, { file, report });
  if (found) parseOrReport(WorkflowText, found.body, { file, at: ["text"], report });
  const files = stepFiles(root, path, report);
  const steps = files.flatMap((each) => readStep(root, each, report));
  return {
    file,
    steps,
    isComplete: steps.length === files.length,
    definition: { ...describe(name, matter?.title, found), steps: steps.map(({ step }) => step) },
  };
};

const readOneFile = (
  root: string,
  { name, path: file }: NamedEntry,
  report: Report,
): ReadWorkflow => {
  const found = readDefinition(root, file, report);
  const matter = found && parseOrReport(WorkflowFile, found.matter, { file, report });
  if (found) parseOrReport(WorkflowText, found.body, { file, at: ["text"], report });
  const rows = matter?.steps ?? [];
  const steps = rows.flatMap((row, index): ReadStep[] => {
    const at = ["steps", index];
    const read = parseOrReport(InlineTask, row, { file, at, report });
    return read ? [{ file, at, step: taskOf(read, keyOf(read.name)) }] : [];
  });
  return {
    file,
    steps,
    isComplete: matter !== undefined && steps.length === rows.length,
    definition: { ...describe(name, matter?.title, found), steps: steps.map(({ step }) => step) },
  };
};

/**
 * Reads the workflows below `root`, sorted by name. Reports mistakes.
 *
 * @throws Error when a file cannot be read
 */
export const readWorkflows = (root: string, report: Report): ReadWorkflow[] =>
  nameEntries(root, { folder: "workflows", reserved }, report)
    .map((named) => (named.isFolder ? readFolder : readOneFile)(root, named, report))
    .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));

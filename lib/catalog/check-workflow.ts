import { DefinitionName, Phase } from "../domain/common.ts";
import type { JsonSchema, Step } from "../domain/workflow/workflow.ts";
import type { Report } from "./mistakes.ts";
import type { ReadStep, ReadWorkflow } from "./read-workflows.ts";

/** Reports a mistake in a field of a step. */
type ReportField = (read: ReadStep, field: string, reason: string) => void;
type Steps = readonly ReadStep[];

const find = (steps: Steps, key: string): Step | undefined =>
  steps.find(({ step }) => step.key === key)?.step;

const checkAgents = (steps: Steps, agents: readonly string[], reportField: ReportField) => {
  for (const read of steps) {
    const { agent_type } = read.step;
    if (agents.includes(agent_type)) continue;
    reportField(
      read,
      "agent",
      `There is no agent ${agent_type}${agents.length > 0 ? `, only ${agents.join(", ")}` : ""}`,
    );
  }
};

const checkKeys = (steps: Steps, reportField: ReportField) => {
  for (const [index, read] of steps.entries()) {
    const { key } = read.step;
    if (!DefinitionName.safeParse(key).success)
      reportField(
        read,
        "key",
        `${JSON.stringify(key)} is not a key: use at most 40 lower case letters, digits and _`,
      );
    if (steps.slice(0, index).some(({ step }) => step.key === key))
      reportField(read, "key", `The key ${key} is also that of an earlier step`);
  }
};

/** Checks a detour: it must lead back to a step of the main line, and be in the same phase. */
const checkBack = (read: ReadStep, back_to: string, steps: Steps, reportField: ReportField) => {
  const target = find(steps, back_to);
  if (!target) return reportField(read, "back_to", `There is no step ${back_to}`);
  if (target.back_to) return reportField(read, "back_to", `${back_to} is itself a detour`);
  if (target.phase === read.step.phase) return;
  reportField(
    read,
    "phase",
    `Must be ${target.phase}, the phase of ${back_to}, to which the step leads back`,
  );
};

const checkDetours = (steps: Steps, reportField: ReportField) => {
  for (const read of steps) {
    const { key, back_to } = read.step;
    if (!back_to) continue;
    checkBack(read, back_to, steps, reportField);
    if (!steps.some(({ step }) => step.on_failed_tests?.step === key))
      reportField(
        read,
        "back_to",
        "No step leads here: name this step in the on_failed_tests of another",
      );
  }
};

/** Fields that can hold a tester's verdict, with their types. A test step's own schema must have one of them. */
const verdicts: Readonly<Record<string, readonly unknown[]>> = {
  failed: ["integer", "number", "boolean", "array"],
  failures: ["integer", "number", "boolean", "array"],
  cases: ["array"],
};

const typesIn = (property: object): unknown[] | undefined =>
  "type" in property ? [property.type].flat() : undefined;

/** Whether a schema has a field for the verdict. A field without `type` counts as one. */
const tellsVerdict = ({ properties }: JsonSchema): boolean =>
  Object.entries(verdicts).some(([field, types]) => {
    const property: unknown = Object(properties)[field];
    const isThere = typeof property === "object" && property !== null;
    return isThere && (typesIn(property)?.some((type) => types.includes(type)) ?? true);
  });

const checkVerdict = (read: ReadStep, reportField: ReportField) => {
  const { output, output_schema } = read.step;
  if (output !== "test_results")
    return reportField(
      read,
      "on_failed_tests",
      "Only a step whose output is test_results has tests",
    );
  if (typeof output_schema !== "object" || tellsVerdict(output_schema)) return;
  reportField(
    read,
    "output_schema",
    "Has no field for the verdict: it needs failed or failures (a number, a boolean or a list), or cases (a list)",
  );
};

const checkFailedTests = (steps: Steps, reportField: ReportField) => {
  for (const read of steps) {
    const name = read.step.on_failed_tests?.step;
    if (name === undefined) continue;
    checkVerdict(read, reportField);
    const target = find(steps, name);
    if (!target) reportField(read, "on_failed_tests.step", `There is no step ${name}`);
    else if (!target.back_to)
      reportField(read, "on_failed_tests.step", `${name} is on the main line: it needs a back_to`);
  }
};

const checkPhases = (steps: Steps, reportField: ReportField) => {
  let latest: Step | undefined;
  for (const read of steps.filter(({ step }) => !step.back_to)) {
    const { phase } = read.step;
    if (latest && Phase.options.indexOf(phase) < Phase.options.indexOf(latest.phase))
      reportField(read, "phase", `${phase} is before ${latest.phase}, the phase of ${latest.key}`);
    else latest = read.step;
  }
};

/** Checks what one file cannot show: whether the steps of a workflow and the agents fit together. Reports each mistake. */
export const checkWorkflow = (
  { file, steps, isComplete }: ReadWorkflow,
  agents: readonly string[],
  report: Report,
) => {
  const reportField: ReportField = (read, field, reason) =>
    report({ file: read.file, field: [...read.at, field].join("."), reason });
  checkAgents(steps, agents, reportField);
  checkKeys(steps, reportField);
  checkPhases(steps, reportField);
  if (!isComplete) return;
  checkDetours(steps, reportField);
  checkFailedTests(steps, reportField);
  if (!steps.some(({ step }) => !step.back_to))
    report({ file, field: "", reason: "Has no step that is not a detour (back_to)" });
};

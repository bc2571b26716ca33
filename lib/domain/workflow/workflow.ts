import * as z from "zod";
import { workflowDefinitions } from "../../catalog/load.ts";
import type { TaskDefinition } from "../../catalog/schema.ts";
import { DefinitionName, type OversightLevel } from "../common.ts";

/** One step of a workflow: who does what in which phase, and where a person decides. */
export type Step = TaskDefinition;

/** Any workflow there is or was: a project outlives the files of its workflow. */
export const Workflow = DefinitionName.meta({
  id: "Workflow",
  description: "A workflow's name; with `none` only the tasks that are created run.",
});

const titles = Object.values(workflowDefinitions).map(({ name, title }) => `\`${name}\`: ${title}`);

/** What a new project can be given. */
export const DefinedWorkflow = z.enum([...Object.keys(workflowDefinitions), "none"]).meta({
  id: "DefinedWorkflow",
  description: `${titles.join("; ")}. With \`none\` only the tasks that are created run.`,
});

/** All steps, detours too; none for `none`, and for a workflow that is not defined any more. */
export const stepsOf = (workflow: string): readonly Step[] =>
  workflowDefinitions[workflow]?.steps ?? [];

const mainLine = (workflow: string) => stepsOf(workflow).filter((step) => !step.back_to);

export const firstStep = (workflow: string): Step | undefined => mainLine(workflow)[0];

export const findStep = (workflow: string, key: string | null): Step | undefined =>
  stepsOf(workflow).find((step) => step.key === key);

/** The step after `step`; undefined at the end. A detour leads back to where it was entered. */
export const nextStep = (workflow: string, step: Step): Step | undefined => {
  if (step.back_to) return findStep(workflow, step.back_to);
  const line = mainLine(workflow);
  return line[line.indexOf(step) + 1];
};

/** How far the workflow has come at `step`, in whole per cent. */
export const percentageAt = (workflow: string, step: Step): number => {
  const line = mainLine(workflow);
  const index = line.findIndex((row) => row.key === (step.back_to ?? step.key));
  return Math.floor((index * 100) / line.length);
};

/** Below this confidence of the agent a person is asked, gate or not. */
const leastConfidence = { high: 0.7, medium: 0.56, low: 0 } as const satisfies Record<
  OversightLevel,
  number
>;

export const isUnsure = (level: OversightLevel, confidence: number): boolean =>
  confidence < leastConfidence[level];

/** Whether a person decides before the work goes on after `step`. */
export const asksHuman = (step: Step, level: OversightLevel, confidence: number): boolean =>
  step.gate.includes(level) || isUnsure(level, confidence);

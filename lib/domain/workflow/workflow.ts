import * as z from "zod";
import { ArtifactType } from "../artifact/artifact-type.ts";
import { DefinitionName, OversightLevel, Phase } from "../common.ts";

/** Any workflow there is or was: a project outlives the files of its workflow. */
export const WorkflowName = DefinitionName.meta({
  id: "Workflow",
  description: "A workflow's name; with `none` only the tasks that are created run.",
});
export type WorkflowName = z.infer<typeof WorkflowName>;

/** Schemas of contents that come with the code: one for each type of artifact, and two more. */
export const SchemaName = z.enum([...ArtifactType.options, "final_check", "agent_answer"]);
export type SchemaName = z.infer<typeof SchemaName>;

const JsonSchema = z.record(z.string(), z.unknown());
export type JsonSchema = z.infer<typeof JsonSchema>;

/** One step of a workflow: which agent does what in which phase, and where a person decides. */
export const Step = z.object({
  key: DefinitionName,
  name: z.string(),
  phase: Phase,
  agent_type: z.string(),
  instructions: z.string(),
  output: ArtifactType,
  expected_outputs: z.array(ArtifactType),
  /** A person decides after the step at these levels of oversight. */
  gate: z.array(OversightLevel),
  /** Failed tests lead to this step, at most so many rounds. */
  on_failed_tests: z.object({ step: z.string(), rounds: z.int() }).exactOptional(),
  /** A detour leads back to this step of the main line. */
  back_to: z.string().exactOptional(),
  models: z.array(z.string()).exactOptional(),
  temperature: z.number().exactOptional(),
  max_output_tokens: z.int().exactOptional(),
  tools: z.array(z.string()).exactOptional(),
  output_schema: z.union([SchemaName, JsonSchema]).exactOptional(),
});
export type Step = Readonly<z.infer<typeof Step>>;

/** A workflow as projects run by it. A project keeps the one it was created with. */
export const Workflow = z.object({ name: WorkflowName, steps: z.array(Step) });
export type Workflow = Readonly<{ name: WorkflowName; steps: readonly Step[] }>;

/** Of a project without steps: only the tasks that are created run. */
export const noWorkflow: Workflow = { name: "none", steps: [] };

const mainLine = ({ steps }: Workflow) => steps.filter((step) => !step.back_to);

export const firstStep = (workflow: Workflow): Step | undefined => mainLine(workflow)[0];

export const findStep = ({ steps }: Workflow, key: string | null): Step | undefined =>
  steps.find((step) => step.key === key);

const indexOf = (line: readonly Step[], key: string) => line.findIndex((step) => step.key === key);

/** The step after `step`; undefined at the end. A detour leads back to where it was entered. */
export const nextStep = (workflow: Workflow, step: Step): Step | undefined => {
  if (step.back_to) return findStep(workflow, step.back_to);
  const line = mainLine(workflow);
  return line[indexOf(line, step.key) + 1];
};

/** How far the workflow has come at `step`, in whole per cent. */
export const percentageAt = (workflow: Workflow, step: Step): number => {
  const line = mainLine(workflow);
  return Math.floor((indexOf(line, step.back_to ?? step.key) * 100) / line.length);
};

/** Below this confidence of the agent a person is asked, gate or not. */
const minConfidence = { high: 0.7, medium: 0.56, low: 0 } as const satisfies Record<
  OversightLevel,
  number
>;

export const isUnsure = (level: OversightLevel, confidence: number): boolean =>
  confidence < minConfidence[level];

/** Whether a person decides before the work goes on after `step`. */
export const asksHuman = (step: Step, level: OversightLevel, confidence: number): boolean =>
  step.gate.includes(level) || isUnsure(level, confidence);

import * as z from "zod";
import { ArtifactType } from "../artifact/artifact-type.ts";
import { DefinitionName, OversightLevel, Phase } from "../common.ts";
import { JsonObject } from "../json.ts";

/** The name of a workflow that exists or existed: a project may outlive the files of its workflow. */
export const WorkflowName = DefinitionName.meta({
  id: "Workflow",
  description: "A workflow's name; with `none` only the tasks that are created run.",
});
export type WorkflowName = z.infer<typeof WorkflowName>;

/** The names of the content schemas that the code has: one for each type of artifact, and two more. */
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
  /** The oversight levels at which a person decides after the step. */
  gate: z.array(OversightLevel),
  /** The step that fixes failed tests, and how many rounds it gets. */
  on_failed_tests: z.object({ step: z.string(), rounds: z.int() }).exactOptional(),
  /** The step of the main line that follows this detour. */
  back_to: z.string().exactOptional(),
  models: z.array(z.string()).exactOptional(),
  retry_models: z.array(z.string()).exactOptional(),
  temperature: z.number().exactOptional(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).exactOptional(),
  provider_options: z.record(z.string(), JsonObject).exactOptional(),
  max_output_tokens: z.int().exactOptional(),
  tools: z.array(z.string()).exactOptional(),
  output_schema: z.union([SchemaName, JsonSchema]).exactOptional(),
});
export type Step = Readonly<z.infer<typeof Step>>;

/** A workflow as a project runs it. A project keeps the workflow that it was created with. */
export const Workflow = z.object({ name: WorkflowName, steps: z.array(Step) });
export type Workflow = Readonly<{ name: WorkflowName; steps: readonly Step[] }>;

/** The workflow of a project without steps: only tasks that callers create run. */
export const noWorkflow: Workflow = { name: "none", steps: [] };

const mainLine = ({ steps }: Workflow) => steps.filter((step) => !step.back_to);

/** Gives the first step; undefined for a workflow without steps. */
export const firstStep = (workflow: Workflow): Step | undefined => mainLine(workflow)[0];

/** Finds the step with this key; undefined when the workflow has none. */
export const findStep = ({ steps }: Workflow, key: string | null): Step | undefined =>
  steps.find((step) => step.key === key);

const indexOf = (line: readonly Step[], key: string) => line.findIndex((step) => step.key === key);

/** Gives the step that follows; undefined after the last one. A detour is followed by its `back_to`. */
export const nextStep = (workflow: Workflow, step: Step): Step | undefined => {
  if (step.back_to) return findStep(workflow, step.back_to);
  const line = mainLine(workflow);
  return line[indexOf(line, step.key) + 1];
};

/** Computes how far the workflow has come at the beginning of a step, in whole per cent. */
export const percentageAt = (workflow: Workflow, step: Step): number => {
  const line = mainLine(workflow);
  return Math.floor((indexOf(line, step.back_to ?? step.key) * 100) / line.length);
};

/** The confidence of an agent below which a person is asked even without a gate. */
const minConfidence = { high: 0.7, medium: 0.56, low: 0 } as const satisfies Record<
  OversightLevel,
  number
>;

/** Tells whether an agent's confidence is too low to go on without a person. */
export const isUnsure = (level: OversightLevel, confidence: number): boolean =>
  confidence < minConfidence[level];

/** Tells whether a person decides before the work goes on after a step. */
export const asksHuman = (step: Step, level: OversightLevel, confidence: number): boolean =>
  step.gate.includes(level) || isUnsure(level, confidence);

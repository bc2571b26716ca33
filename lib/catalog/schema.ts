import * as z from "zod";
import { ArtifactType } from "../domain/artifact/artifact-type.ts";
import { DefinitionName, OversightLevel, Phase, plainText, text } from "../domain/common.ts";
import { type JsonSchema, SchemaName, type Step } from "../domain/workflow/workflow.ts";

/** Files may be named with dashes: `code-review` is `code_review`. */
export const snakeCase = (name: string): string => name.replaceAll("-", "_");
const Reference = z.string().transform(snakeCase).pipe(DefinitionName);

const problemOf = (schema: JsonSchema): string | null => {
  if (schema.type !== "object") return "Must be a JSON Schema with type: object";
  try {
    z.fromJSONSchema(schema);
    return null;
  } catch (error) {
    return `Not a JSON Schema that can be used: ${(error as Error).message}`;
  }
};

const InlineSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const problem = problemOf(schema);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

/** Either the name of a schema that comes with the code, or a JSON Schema (of an object). */
const OutputSchema = z.unknown().transform((value, context): SchemaName | JsonSchema => {
  const parsed =
    typeof value === "string" ? SchemaName.safeParse(value) : InlineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { message } of parsed.error.issues) context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const Model = z
  .string()
  .regex(/^[a-z][a-z0-9-]*([/:]\S+)?$/, "Must be <provider> or <provider>/<model>");

/** The tools that come with the code. */
const toolNames = [
  "list_context",
  "read_context",
  "write_context",
  "list_files",
  "read_file",
  "ask_human",
] as const;
export type ToolName = (typeof toolNames)[number];

const mcpTool = /^mcp:[\w.-]+(?:\/(?:\*|[^\s*]+))?$/;

const Tool = z
  .string()
  .refine((name) => mcpTool.test(name) || toolNames.some((known) => known === name), {
    error: `Must be one of ${toolNames.join(", ")}, or mcp:<server>, or mcp:<server>/<tool>`,
  });

/** What both an agent and a step may say; a step's word counts before its agent's. */
const runFields = {
  /** In order of preference: a provider, or a provider's model. */
  models: z
    .union([Model.transform((model) => [model]), z.array(Model)], {
      error: "Must be <provider> or <provider>/<model>, or a list of them",
    })
    .exactOptional(),
  temperature: z.number().min(0).max(2).exactOptional(),
  max_output_tokens: z.int().min(1).max(1_000_000).exactOptional(),
  tools: z.array(Tool).exactOptional(),
  output_schema: OutputSchema.exactOptional(),
};

const oneLine = text(1, 255).refine((value) => !value.includes("\n"), "Must be one line");

/** The front matter of an agent's file. */
export const AgentMatter = z.strictObject({
  role: oneLine,
  responsibilities: z.array(text(1, 500)).min(1),
  expected_outputs: z.array(ArtifactType).min(1),
  /** Its place in lists: small numbers first, then by name. */
  order: z.int().default(1_000),
  ...runFields,
});

/** Its text is what the agent is told before anything else: the system prompt. */
export const AgentText = text(10, 20_000);

export type AgentDefinition = Readonly<
  z.infer<typeof AgentMatter> & { agent_type: string; instructions: string }
>;

/** The front matter of a step's file. */
export const TaskMatter = z.strictObject({
  key: Reference.exactOptional(),
  name: oneLine,
  phase: Phase,
  agent: Reference,
  output: ArtifactType,
  expected_outputs: z.array(ArtifactType).min(1).exactOptional(),
  gate: z.array(OversightLevel).default([]),
  on_failed_tests: z
    .strictObject({ step: Reference, rounds: z.int().min(0).max(20) })
    .exactOptional(),
  back_to: Reference.exactOptional(),
  ...runFields,
});

/** Bounded, as a handoff carries it with a sentence in front. */
export const TaskText = text(10, 4_000);

/** A step of a workflow in ONE file. */
export const InlineTask = TaskMatter.extend({ instructions: z.string().trim().pipe(TaskText) });

/** The front matter of workflow.md; `steps` only where the workflow is ONE file. */
export const WorkflowMatter = z.strictObject({ title: oneLine.exactOptional() });
export const WorkflowFile = WorkflowMatter.extend({ steps: z.array(z.unknown()).min(1) });
export const WorkflowText = plainText(4_000);

export type WorkflowDefinition = Readonly<{
  name: string;
  title: string;
  description: string;
  steps: readonly Step[];
}>;

export type Definitions = {
  /** In the order of lists. Functions that need only the names do not carry the texts. */
  agentNames: readonly string[];
  /** Which models each agent would have, where its file says so. */
  agentModels: Readonly<Record<string, readonly string[]>>;
  agentDefinitions: Readonly<Record<string, AgentDefinition>>;
  workflowDefinitions: Readonly<Record<string, WorkflowDefinition>>;
};

import * as z from "zod";
import { ArtifactType } from "../domain/artifact/artifact-type.ts";
import { DefinitionName, OversightLevel, Phase, plainText, text } from "../domain/common.ts";
import { type JsonSchema, SchemaName, type Step } from "../domain/workflow/workflow.ts";
import { compileSchema } from "../json-schema/compile-schema.ts";
import { ProviderOptions, ReasoningEffort } from "./provider-options.ts";

/** Makes `code_review` of `code-review`: names of files may have dashes. */
export const snakeCase = (name: string): string => name.replaceAll("-", "_");
const Reference = z.string().transform(snakeCase).pipe(DefinitionName);

const problemOf = (schema: JsonSchema): string | null => {
  if (schema.type !== "object") return "Must be a JSON Schema with type: object";
  try {
    compileSchema(schema);
    return null;
  } catch (error) {
    return `Not a JSON Schema that can be used: ${(error as Error).message}`;
  }
};

const InlineSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const problem = problemOf(schema);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

/** The name of a built-in schema, or a JSON Schema of an object. */
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

const ModelList = z.union([Model.transform((model) => [model]), z.array(Model)], {
  error: "Must be <provider> or <provider>/<model>, or a list of them",
});

/** The built-in model tools. */
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

/** Fields that both an agent and a step may have. Those of the step replace those of its agent. */
const runFields = {
  /** Providers, or models of providers, in order of preference. */
  models: ModelList.exactOptional(),
  /** Models that are asked first after a failed attempt or a bad answer, such as stronger ones. */
  retry_models: ModelList.exactOptional(),
  temperature: z.number().min(0).max(2).exactOptional(),
  reasoning_effort: ReasoningEffort.exactOptional(),
  provider_options: ProviderOptions.exactOptional(),
  max_output_tokens: z.int().min(1).max(1_000_000).exactOptional(),
  tools: z.array(Tool).exactOptional(),
  output_schema: OutputSchema.exactOptional(),
};

const oneLine = text(1, 255).refine((value) => !value.includes("\n"), "Must be one line");

/** The front matter of an agent file. */
export const AgentMatter = z.strictObject({
  role: oneLine,
  responsibilities: z.array(text(1, 500)).min(1),
  expected_outputs: z.array(ArtifactType).min(1),
  /** Its place in lists: small numbers first, equal ones by name. */
  order: z.int().default(1_000),
  ...runFields,
});

/** The text of an agent file: instructions in the system prompt, 10 to 20 000 characters. */
export const AgentText = text(10, 20_000);

export type AgentDefinition = Readonly<
  z.infer<typeof AgentMatter> & { agent_type: string; instructions: string }
>;

/** The front matter of a step file. */
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

/** The text of a step file, 10 to 4 000 characters: a handoff carries it with a sentence before it. */
export const TaskText = text(10, 4_000);

/** A step of a workflow that is ONE file. */
export const InlineTask = TaskMatter.extend({ instructions: z.string().trim().pipe(TaskText) });

/** The front matter of workflow.md, and below it that of a workflow that is ONE file. */
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
  /** In the order of lists. It stands alone so that functions that need only the names bundle no texts. */
  agentNames: readonly string[];
  /** The models that each agent's file prefers; empty when it names none. */
  agentModels: Readonly<Record<string, readonly string[]>>;
  agentDefinitions: Readonly<Record<string, AgentDefinition>>;
  workflowDefinitions: Readonly<Record<string, WorkflowDefinition>>;
};

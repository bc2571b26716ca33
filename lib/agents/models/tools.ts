import { jsonSchema, type ToolSet, tool } from "ai";
import * as z from "zod";
import type { ToolName } from "../../catalog/schema.ts";
import { ArtifactType } from "../../domain/artifact/artifact-type.ts";
import { Json } from "../../domain/json.ts";
import type { AgentContext } from "../context.ts";
import { listFiles, readArtifact, readFile } from "./project-files.ts";

/** A tool's result, why there is none, or the question that a person has to answer first. */
export type ToolResult =
  | { value: Json }
  | { problem: string }
  | { ask: { question: string; options: string[] } };

export type ModelTool = {
  description: string;
  /** The schema of its input, which is checked before it runs. */
  schema: z.ZodType;
  /** The JSON Schema for the model, when it is not made from `schema`. */
  json?: { [key: string]: unknown };
  /** It changes something, so a person approves each use. */
  has_effects: boolean;
  /** It has side effects. It is not run again after a crash, because nobody knows whether the first run was done. */
  runs_once: boolean;
  /** Runs it. `key` differs from the keys of all other uses of the task. */
  run: (input: never, scope: { agentContext: AgentContext; key: string }) => Promise<ToolResult>;
};

/** Makes a row of the table below, and checks that `run` fits `schema`. */
const defineTool = <S extends z.ZodType>(row: {
  description: string;
  schema: S;
  has_effects?: boolean;
  run: (
    input: z.output<S>,
    scope: { agentContext: AgentContext; key: string },
  ) => Promise<ToolResult>;
}): ModelTool => ({ has_effects: false, runs_once: false, ...row }) as unknown as ModelTool;

const noInput = z.object({});

const resultValue = (found: unknown): ToolResult => ({ value: Json.parse(found) });

/** The built-in tools. An agent may use only those that its file or step lists. */
export const builtInTools = {
  list_context: defineTool({
    description: "Lists the project's artifacts: id, type, version, author.",
    schema: noInput,
    run: async (_, { agentContext }) => resultValue(await agentContext.context.list()),
  }),
  read_context: defineTool({
    description:
      "Reads one artifact of the project by its context_id, in its current or an older version.",
    schema: z.object({ context_id: z.string(), version: z.int().min(1).optional() }),
    run: async ({ context_id, version }, { agentContext }) =>
      resultValue(await readArtifact(agentContext, context_id, version)),
  }),
  write_context: defineTool({
    description:
      "Keeps a new artifact in the project, for the other agents and the person to read.",
    schema: z.object({ artifact_type: ArtifactType, content: Json }),
    has_effects: true,
    run: async (input, { agentContext, key }) =>
      resultValue({ context_id: await agentContext.context.write({ ...input, key }) }),
  }),
  list_files: defineTool({
    description:
      "Lists the source files of the project with their sizes, all or those in a folder.",
    schema: z.object({ folder: z.string().optional() }),
    run: async ({ folder = "" }, { agentContext }) =>
      resultValue(await listFiles(agentContext, folder)),
  }),
  read_file: defineTool({
    description: "Reads one source file of the project.",
    schema: z.object({ path: z.string() }),
    run: async ({ path }, { agentContext }) => resultValue(await readFile(agentContext, path)),
  }),
  ask_human: defineTool({
    description:
      "Asks the person who is in charge, and waits for the answer. Only for what cannot be decided without them.",
    schema: z.object({
      question: z.string().trim().min(1).max(4_000),
      options: z.array(z.string().min(1).max(200)).max(20).optional(),
    }),
    run: async ({ question, options = [] }) => ({
      ask: { question: question.trim(), options },
    }),
  }),
} as const satisfies Record<ToolName, ModelTool>;

/** Describes the tools for the SDK, without a function to run them: tool-turn.ts runs them. */
export const toolSet = (tools: Readonly<Record<string, ModelTool>>): ToolSet =>
  Object.fromEntries(
    Object.entries(tools).map(([name, { description, schema, json }]) => [
      name,
      tool({
        description,
        inputSchema: jsonSchema(json ?? z.toJSONSchema(schema, { io: "input" })),
      }),
    ]),
  );

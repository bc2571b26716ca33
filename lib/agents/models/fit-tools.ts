import { asSchema, jsonSchema, type ToolSet, tool } from "ai";
import type { Capabilities } from "../../settings/capabilities.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import { type FittedTool, fitTool } from "../tool-schemas/fit-tool.ts";
import type { RunMemory } from "./run-memory.ts";

/** The tools of a request, as its provider takes them. */
export type FittedTools = {
  tools: ToolSet;
  /** How the inputs of each are translated. */
  fitted: ReadonlyMap<string, FittedTool>;
  /** The names of those that cannot be sent. */
  leftOut: readonly string[];
};

/** Fits one tool, once in a run. */
const fitOnce = (
  name: string,
  given: ToolSet[string],
  { rules, memory }: { rules: Capabilities["tool_schemas"]; memory: RunMemory },
): FittedTool | null => {
  const key = `${rules} ${name}`;
  const known = memory.fitted.get(key);
  if (known !== undefined) return known;
  const { jsonSchema: json } = asSchema(given.inputSchema);
  const described = { description: String(given.description ?? ""), json };
  const fitted = fitTool(name, described, rules);
  memory.fitted.set(key, fitted);
  return fitted;
};

const none: FittedTools = { tools: {}, fitted: new Map(), leftOut: [] };

/** Makes tools those that a model takes: none where it takes none, and without those that its provider has refused. */
export const fitTools = (
  ref: ModelRef,
  tools: ToolSet,
  { takes, memory }: { takes: Capabilities; memory: RunMemory },
): FittedTools => {
  if (!takes.tools) return none;
  const wanted = Object.entries(tools).filter(
    ([name]) => !memory.refusedTools.has(`${describeModel(ref)} ${name}`),
  );
  const all = wanted.map(
    ([name, given]) => [name, fitOnce(name, given, { rules: takes.tool_schemas, memory })] as const,
  );
  const fitted = new Map(all.flatMap(([name, each]) => (each ? [[name, each] as const] : [])));
  return {
    fitted,
    leftOut: all.flatMap(([name, each]) => (each ? [] : [name])),
    tools: Object.fromEntries(
      [...fitted].map(([name, { description, schema }]) => [
        name,
        tool({ description, inputSchema: jsonSchema(schema) }),
      ]),
    ),
  };
};

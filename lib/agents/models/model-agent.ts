import type { AgentDefinition } from "../../catalog/schema.ts";
import type { McpServer } from "../../settings/mcp-servers.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import { type AgentFiles, type AgentSettings, settingsOf } from "../agent-settings.ts";
import { type AgentContext, AgentError, type AgentRequest, type AgentResult } from "../context.ts";
import { contentSchema } from "../output-schemas.ts";
import { wires } from "../providers/wires.ts";
import { answerFormat } from "./answer.ts";
import { askModels } from "./ask-models.ts";
import { type Conversation, converse, restoreState } from "./conversation.ts";
import { openMcpTools } from "./mcp.ts";
import type { AskDeps } from "./paid-call.ts";
import { systemPrompt, taskPrompt } from "./prompt.ts";
import { builtInTools, type ModelTool, toolSet } from "./tools.ts";

export type ModelAgentDeps = AskDeps & {
  /** Tokens of earlier artifacts in a prompt. */
  contextTokens: number;
  mcpServers: Readonly<Record<string, McpServer>>;
  /** The agents as their files have them, where it is not these. */
  definitions?: AgentFiles;
};

/** Tokens of an answer where the definitions say nothing. */
const usualOutputTokens = 16_000;

const definitionOf = ({ agent }: AgentSettings, { task }: AgentRequest): AgentDefinition => {
  if (agent) return agent;
  const message = `No file defines the agent ${task.agent_type}.`;
  throw new AgentError("unknown_agent", message, { retryable: false });
};

/** Of the allow-list, what comes with the code. */
const builtIn = (names: readonly string[]): Record<string, ModelTool> =>
  Object.fromEntries(Object.entries(builtInTools).filter(([name]) => names.includes(name)));

/** Who rules between others changes nothing. */
const onlyReading = (tools: Readonly<Record<string, ModelTool>>): Record<string, ModelTool> =>
  Object.fromEntries(
    Object.entries(tools).filter(([, { has_effects, runs_once }]) => !has_effects && !runs_once),
  );

const talkOf = (
  deps: ModelAgentDeps,
  chain: readonly ModelRef[],
  { request, tools, available }: Conversation["scope"],
): Conversation => {
  const { task } = request;
  const settings = settingsOf(request, deps.definitions);
  const definition = definitionOf(settings, request);
  const format = answerFormat(contentSchema(settings, task.output_type));
  const systemFor = ({ provider }: ModelRef) =>
    systemPrompt(definition, format, wires[provider.api]);
  return {
    prompt: taskPrompt(request, tools.effects.list(), deps.contextTokens),
    format,
    scope: { request, tools, available },
    isTest: task.output_type === "test_results",
    purpose: request.mediates ? "mediation" : "answer",
    ask: (question) =>
      askModels(deps, tools, chain, {
        ...question,
        agent_type: task.agent_type,
        systemFor,
        tools: toolSet(available),
        format,
        maxOutputTokens: settings.max_output_tokens ?? usualOutputTokens,
        temperature: settings.temperature,
      }),
  };
};

/** Runs an agent on the models of its chain, as its definition and its step's say. */
export const runModelAgent = async (
  deps: ModelAgentDeps,
  chain: readonly ModelRef[],
  request: AgentRequest,
  tools: AgentContext,
): Promise<AgentResult> => {
  const { task } = request;
  const allowed = settingsOf(request, deps.definitions).tools ?? [];
  const outside = await openMcpTools(deps.mcpServers, allowed, tools.signal);
  try {
    const [first] = chain;
    await tools.progress(10, `${task.name}: asking ${first ? describeModel(first) : "nobody"}`);
    const known = { ...builtIn(allowed), ...outside.tools };
    const available = request.mediates ? onlyReading(known) : known;
    const talk = talkOf(deps, chain, { request, tools, available });
    return await converse(talk, restoreState(request.transcript));
  } finally {
    await outside.close();
  }
};

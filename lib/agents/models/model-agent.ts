import type { AgentDefinition } from "../../catalog/schema.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import { type AgentFiles, type AgentSettings, settingsOf } from "../agent-settings.ts";
import { type AgentContext, AgentError, type AgentRequest, type AgentResult } from "../context.ts";
import { completeSource } from "../edits/complete-source.ts";
import { hasSource } from "../edits/newest-source.ts";
import { SourceReply } from "../edits/source-edits.ts";
import { contentSchema, schemaOf } from "../output-schemas.ts";
import { wires } from "../providers/wires.ts";
import { askModels } from "./ask-models.ts";
import { converse } from "./conversation.ts";
import { type Conversation, isRetry, type OnMended } from "./conversation-models.ts";
import { type ConversationState, restoreState } from "./conversation-state.ts";
import { type Chains, chainNow } from "./given-up.ts";
import { type McpDeps, openMcpTools } from "./mcp.ts";
import { replyFormat } from "./model-reply.ts";
import type { AskDeps } from "./paid-call.ts";
import { systemPrompt, taskPrompt } from "./prompt.ts";
import { newRunMemory } from "./run-memory.ts";
import { builtInTools, type ModelTool, toolSet } from "./tools.ts";

export type ModelAgentDeps = AskDeps &
  McpDeps & {
    /** Tokens of a prompt for the project's artifacts. */
    contextTokens: number;
    onMended: OnMended;
    /** Other agent files than those of the catalog, for tests. */
    definitions?: AgentFiles;
  };

/** Output tokens when neither the step nor the agent sets them. */
const defaultOutputTokens = 16_000;

const definitionOf = ({ agent }: AgentSettings, { task }: AgentRequest): AgentDefinition => {
  if (agent) return agent;
  const message = `No file defines the agent ${task.agent_type}.`;
  throw new AgentError("unknown_agent", message, { retryable: false });
};

/** Chooses the built-in tools with these names. */
const builtInToolsNamed = (names: readonly string[]): Record<string, ModelTool> =>
  Object.fromEntries(Object.entries(builtInTools).filter(([name]) => names.includes(name)));

/** Chooses the tools that only read: a mediator must change nothing. */
const readingTools = (tools: Readonly<Record<string, ModelTool>>): Record<string, ModelTool> =>
  Object.fromEntries(
    Object.entries(tools).filter(([, { has_effects, runs_once }]) => !has_effects && !runs_once),
  );

const conversationFor = (
  deps: ModelAgentDeps,
  chains: Chains,
  { request, agentContext, tools }: Conversation["scope"],
): Conversation => {
  const { task } = request;
  const settings = settingsOf(request, deps.definitions);
  const definition = definitionOf(settings, request);
  const takesEdits =
    schemaOf(settings, task.output_type) === "source_code" && request.context.some(hasSource);
  const format = replyFormat(takesEdits ? SourceReply : contentSchema(settings, task.output_type));
  const systemFor = ({ provider }: ModelRef, withSchema = false) =>
    systemPrompt(definition, format, {
      schemaInPrompt: withSchema || wires[provider.api].schemaInPrompt,
    });
  const memory = newRunMemory();
  const maxOutputTokens = settings.max_output_tokens ?? defaultOutputTokens;
  return {
    promptFor: (shrink) =>
      taskPrompt(request, agentContext.effects.list(), deps.contextTokens / 4 ** shrink),
    chains,
    now: deps.now,
    maxOutputTokens,
    format,
    complete: async (content) =>
      takesEdits ? completeSource(agentContext, content as SourceReply) : { content },
    scope: { request, agentContext, tools },
    isTest: task.output_type === "test_results",
    onMended: deps.onMended,
    purpose: request.mediates ? "mediation" : "answer",
    ask: (models, question) =>
      askModels(deps, agentContext, models, {
        ...question,
        agent_type: task.agent_type,
        systemFor,
        tools: toolSet(tools),
        format,
        temperature: settings.temperature,
        reasoningEffort: settings.reasoning_effort,
        providerOptions: settings.provider_options,
        memory,
      }),
  };
};

/** Gives the state from which a run goes on. After a failed attempt the order of the models is chosen anew. */
const startOf = (request: AgentRequest): ConversationState => {
  const state = restoreState(request.transcript);
  return isRetry(request) ? { ...state, model: null } : state;
};

/**
 * Runs an agent on the models of its chain, with the settings of its step and its file.
 *
 * @throws AgentError `unknown_agent` when the agent's file has been removed, and what openMcpTools, askModels and converse throw
 * @throws the signal's reason when the run is aborted
 */
export const runModelAgent = async (
  deps: ModelAgentDeps,
  chains: Chains,
  request: AgentRequest,
  agentContext: AgentContext,
): Promise<AgentResult> => {
  const { task } = request;
  const allowed = settingsOf(request, deps.definitions).tools ?? [];
  const outside = await openMcpTools(deps, allowed, agentContext);
  try {
    const start = startOf(request);
    const [first] = chainNow(chains, { given_up: start.given_up, isRetry: isRetry(request) });
    await agentContext.progress(
      10,
      `${task.name}: asking ${first ? describeModel(first) : "nobody"}`,
    );
    const known = { ...builtInToolsNamed(allowed), ...outside.tools };
    const tools = request.mediates ? readingTools(known) : known;
    // Chosen once: a prompt that changes between two calls costs the provider's cache.
    const contextTokens = deps.contextTokens / (first ? deps.ratios.ratioOf(first) : 1);
    const scope = { request, agentContext, tools };
    const conversation = conversationFor({ ...deps, contextTokens }, chains, scope);
    return await converse(conversation, start);
  } finally {
    await outside.close();
  }
};

import type { ModelMessage } from "ai";
import * as z from "zod";
import type { Json } from "../../domain/json.ts";
import { asAsked } from "../../domain/request/request.ts";
import type { SideEffect } from "../../domain/task/side-effect.ts";
import type { AgentContext, AgentRequest, HumanAnswer } from "../context.ts";
import { approvalOf, isTooLong, type PendingQuestion, tooLong, whatOf } from "./approval.ts";
import type { ToolCall } from "./call-model.ts";
import { refusalPart, resultPart, type ToolResultPart, textOf } from "./tool-result.ts";
import type { ModelTool, ToolResult } from "./tools.ts";

/** The tool calls of one model reply. The first ones have results, the next one may wait for a person. */
export type Turn = {
  /** Differs from the keys of all other turns of the task. */
  key: string;
  calls: ToolCall[];
  results: ToolResultPart[];
  pending: PendingQuestion | null;
};

export type ToolScope = {
  request: AgentRequest;
  agentContext: AgentContext;
  tools: Readonly<Record<string, ModelTool>>;
  /** Keys of all turns of this conversation. */
  turns: readonly string[];
};

const answerTo = (
  { answers }: AgentRequest,
  { question }: PendingQuestion,
): HumanAnswer | undefined => answers.findLast((answer) => answer.question === question);

const wordsOf = ({ action, content, comment }: HumanAnswer): Json =>
  ({ answer: action, words: (content ?? null) as Json, comment }) as Json;

/** Finds a tool by its own name: a model may also name what every object inherits. */
export const toolIn = (
  { tools }: Pick<ToolScope, "tools">,
  { name }: ToolCall,
): ModelTool | undefined => (Object.hasOwn(tools, name) ? tools[name] : undefined);

/** Stores a turn in which a side effect has ended. */
type SaveTurn = (turn: Turn) => Promise<void>;

/** `done`: a side effect has ended, so the turn must be stored. */
type UseOutcome = { result: ToolResultPart; done?: true } | { pending: PendingQuestion };

type ToolUse = { call: ToolCall; key: string };

/** Finds an equal tool use of an earlier conversation: its results are lost, so the model may not know of it. */
const earlierUse = ({ agentContext, turns }: ToolScope, call: ToolCall): SideEffect | undefined => {
  const last = agentContext.effects.latest(whatOf(call));
  return turns.some((turn) => last?.key.startsWith(`${turn}:`)) ? undefined : last;
};

const begunBefore = "This was begun before and is not done again.";

const earlierOutcome = (call: ToolCall, { outcome }: SideEffect): ToolResultPart =>
  outcome === null
    ? refusalPart(call, `${begunBefore} Nobody knows how it ended.`)
    : resultPart(call, `${begunBefore} It ended with: ${outcome}`);

/** Runs a tool. The model gets the message of an error, except when the run is aborted. */
const runTool = async (
  { agentContext }: ToolScope,
  tool: ModelTool,
  { call, key }: ToolUse,
): Promise<UseOutcome> => {
  try {
    const toolResult: ToolResult = await tool.run(call.input as never, { agentContext, key });
    if ("value" in toolResult) return { result: resultPart(call, toolResult.value) };
    if ("problem" in toolResult) return { result: refusalPart(call, toolResult.problem) };
    const { question, options } = toolResult.ask;
    return { pending: { question: asAsked(question), options, is_approval: false } };
  } catch (error) {
    agentContext.signal.throwIfAborted();
    const problem = error instanceof Error ? error.message : String(error);
    const unknown = tool.runs_once ? "Nobody knows whether it was done. " : "";
    return { result: refusalPart(call, `${unknown}${problem}`) };
  }
};

/** Runs a tool with a side effect once. For a key that has begun before, it gives the stored outcome. */
const runOnce = async (scope: ToolScope, tool: ModelTool, use: ToolUse): Promise<UseOutcome> => {
  const { call, key } = use;
  const { effects } = scope.agentContext;
  const earlier = await effects.begin(key, whatOf(call));
  if (earlier) return { result: earlierOutcome(call, earlier) };
  const outcome = await runTool(scope, tool, use);
  if ("pending" in outcome) return outcome;
  await effects.end(key, outcome.result.output.value);
  return { ...outcome, done: true };
};

const runUse = (scope: ToolScope, tool: ModelTool, use: ToolUse): Promise<UseOutcome> =>
  tool.runs_once ? runOnce(scope, tool, use) : runTool(scope, tool, use);

/** Checks the input of a call. Gives what is wrong with it, or null. */
export const checkInput = (tool: ModelTool, call: ToolCall): string | null => {
  const parsed = tool.schema.safeParse(call.input);
  return parsed.success ? null : z.prettifyError(parsed.error);
};

/** Handles a new call: refuses it, runs it, or makes it wait for a person. */
const handleCall = async (scope: ToolScope, call: ToolCall, key: string): Promise<UseOutcome> => {
  const tool = toolIn(scope, call);
  if (!tool) return { result: refusalPart(call, `There is no tool ${call.name}.`) };
  const problem = call.problem ?? checkInput(tool, call);
  if (problem) return { result: refusalPart(call, problem) };
  const earlier = tool.runs_once ? earlierUse(scope, call) : undefined;
  if (tool.has_effects && isTooLong(call)) return { result: refusalPart(call, tooLong) };
  if (tool.has_effects || earlier) {
    return { pending: approvalOf(scope.request.task.agent_type, call, earlier) };
  }
  await scope.agentContext.say(`Uses ${call.name}.`);
  return runUse(scope, tool, { call, key });
};

/** Handles the call that waited, once the person has responded. */
const handleAnsweredCall = async (
  scope: ToolScope,
  { call, key, pending }: ToolUse & { pending: PendingQuestion },
): Promise<UseOutcome> => {
  const answer = answerTo(scope.request, pending);
  if (!answer) return { pending };
  const tool = toolIn(scope, call);
  if (!pending.is_approval) return { result: resultPart(call, wordsOf(answer)) };
  if (answer.action !== "approve" || !tool) {
    return { result: refusalPart(call, `Not done. The person said: ${textOf(wordsOf(answer))}`) };
  }
  await scope.agentContext.say(`Uses ${call.name}, as approved.`);
  return runUse(scope, tool, { call, key });
};

/**
 * Handles the calls of a turn in their order, until all have results or one has to wait for a person.
 *
 * @throws the signal's reason when the run is aborted, and what the agent context and `saveTurn` throw
 */
export const runTurn = async (
  scope: ToolScope,
  toolResult: Turn,
  saveTurn: SaveTurn,
): Promise<Turn> => {
  let turn = toolResult;
  for (const call of turn.calls.slice(turn.results.length)) {
    const { pending } = turn;
    const key = `${turn.key}:${turn.results.length}`;
    const outcome = pending
      ? await handleAnsweredCall(scope, { call, key, pending })
      : await handleCall(scope, call, key);
    if ("pending" in outcome) return { ...turn, pending: outcome.pending };
    turn = { ...turn, results: [...turn.results, outcome.result], pending: null };
    if (outcome.done) await saveTurn(turn);
  }
  return turn;
};

/** Makes the message with the results of a turn. */
export const toolMessage = ({ results }: Turn): ModelMessage => ({
  role: "tool",
  content: results,
});

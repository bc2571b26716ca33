import type { Platform } from "../../../functions/wiring/platform.ts";
import type { AgentContext, AgentRequest, AgentResult } from "../../../lib/agents/context.ts";
import { offlineAgent } from "../../../lib/agents/offline/offline-agent.ts";
import type { Verdict } from "../../../lib/domain/budget/budget.ts";
import type { CallResult } from "../../../lib/domain/budget/model-call.ts";
import { notMade } from "../../../lib/domain/budget/settle-call.ts";
import type { Json } from "../../../lib/domain/json.ts";
import type { RunAgent } from "../../../lib/services/worker/mediate.ts";
import { inputBound, send, tokenPrice } from "./sim-model.ts";

/** The output tokens that a call wants, at least and at most. */
type Wanted = { least: number; most: number };

/**
 * `[[calls:3]]`, `[[calls:3:8000]]`, `[[calls:3:8000:100:900]]`: how many paid calls a task makes, how many milliseconds each
 * takes, and how many output tokens it wants, at least and at most.
 */
const ordersIn = (text: string) => {
  const [, calls, callMs = 700, least = 300, most = 900] =
    /\[\[calls:(\d+)(?::(\d+))?(?::(\d+):(\d+))?\]\]/.exec(text) ?? [];
  return calls === undefined
    ? null
    : {
        calls: Number(calls),
        callMs: Number(callMs),
        wanted: { least: Number(least), most: Number(most) },
      };
};

const madeIn = (transcript: Json): number =>
  Number((transcript as { made?: number } | null)?.made ?? 0);

/** What providers report that count wrongly: what can be, what cannot be stored, what is below nothing, and what is no number. */
const lies: readonly ((result: CallResult) => CallResult)[] = [
  (result) => result,
  (result) => ({
    ...result,
    input_tokens: 2 ** 64,
    output_tokens: Number.MAX_SAFE_INTEGER,
    cost: result.cost * 1e6,
  }),
  (result) => ({ ...result, input_tokens: -7, output_tokens: Number.NaN, cost: result.cost + 0.5 }),
  (result) => ({ ...result, cached_input_tokens: Number.POSITIVE_INFINITY, duration_ms: -1 }),
];

const settledBy = (outcome: CallResult["outcome"], cost: number): CallResult => ({
  outcome,
  error_code: null,
  estimated: false,
  price: "listed",
  purpose: "answer",
  duration_ms: 700,
  input_tokens: 70,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 7,
  cost,
});

type Spending = {
  calls: number;
  callMs: number;
  wanted: Wanted;
  onEffect: (task_id: string) => void;
  onRefused: (call_id: string) => void;
  /** Told when a provider charges more than was reserved. */
  onOverrun: (call_id: string) => void;
};

/** What is sent, and the tokens of its input for which money is reserved. */
type Prompt = { text: string; input: number };

const reserve = ({ spend }: AgentContext, { wanted }: Spending, { input }: Prompt) =>
  spend.reserve({
    agent_type: "coder",
    provider: "sim",
    model: "sim-1",
    minCost: tokenPrice * (input + wanted.least),
    maxCost: tokenPrice * (input + wanted.most),
  });

/** One paid call, the `made`-th: what its provider reports may be a lie. A prompt that is too long for its money is tried again. */
const call = async (
  tools: AgentContext,
  spending: Spending,
  { made, prompt }: { made: number; prompt: Prompt },
): Promise<Verdict> => {
  const { call_id, verdict } = await reserve(tools, spending, prompt);
  if (verdict.kind !== "granted") {
    spending.onRefused(call_id);
    return verdict;
  }
  const { input, text } = prompt;
  const output = Math.floor(verdict.amount / tokenPrice) - input;
  const sent = await send(text, { input, output });
  if ("needed" in sent) {
    await tools.spend.settle(call_id, notMade);
    return call(tools, spending, { made, prompt: { text, input: sent.needed.input } });
  }
  if (sent.bill > verdict.amount) spending.onOverrun(call_id);
  try {
    await tools.sleep(spending.callMs);
  } catch (error) {
    await tools.spend.settle(call_id, settledBy("cancelled", Math.round(verdict.amount / 2)));
    throw error;
  }
  const result = settledBy("answered", Math.round(verdict.amount * 0.9));
  await tools.spend.settle(call_id, lies[made % lies.length]?.(result) ?? result);
  return verdict;
};

/** A prompt of a few words. The second one has more in it than what is known when its money is reserved. */
const promptOf = (made: number): Prompt => {
  const text = "What is left to do? ".repeat(2);
  return { text: made === 1 ? text.repeat(5) : text, input: inputBound(text) };
};

const stop = ({ wanted }: Exclude<Verdict, { kind: "granted" }>, made: number) =>
  ({ kind: "budget", wanted, transcript: { made } }) as const satisfies AgentResult;

/** Between its calls it speaks, has an effect outside that may be had once, and keeps a note. */
const spend = async (
  { task, transcript }: AgentRequest,
  tools: AgentContext,
  spending: Spending,
): Promise<AgentResult> => {
  const { calls, onEffect } = spending;
  for (let made = madeIn(transcript); made < calls; made += 1) {
    const verdict = await call(tools, spending, { made, prompt: promptOf(made) });
    if (verdict.kind !== "granted") return stop(verdict, made);
    if (made > 0) continue;
    await tools.say("Has the first answer.");
    if (!(await tools.effects.begin("order", "Orders."))) onEffect(task.task_id);
    const content = { note: task.task_id };
    await tools.context.write({ key: "note", artifact_type: "agent_output", content });
  }
  const summary = `${calls} calls`;
  return { kind: "output", content: { text: summary }, confidence: 0.9, summary };
};

/** The offline agents, who cost nothing, but for tasks that order paid calls. */
export const openModelCaller =
  ({ count }: Pick<Platform, "count">): RunAgent =>
  async (type, request, tools) => {
    const orders = ordersIn(request.task.instructions);
    return orders
      ? spend(request, tools, {
          ...orders,
          onEffect: (id) => count(`effect ${id}`),
          onRefused: (id) => count(`refused ${id}`),
          onOverrun: (id) => count(`overrun ${id}`),
        })
      : offlineAgent(type).run(request, tools);
  };

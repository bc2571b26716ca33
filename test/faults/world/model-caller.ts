import type { Platform } from "../../../functions/wiring/platform.ts";
import type { AgentContext, AgentRequest, AgentResult } from "../../../lib/agents/context.ts";
import { offlineAgent } from "../../../lib/agents/offline/offline-agent.ts";
import type { Verdict } from "../../../lib/domain/budget/budget.ts";
import type { CallResult } from "../../../lib/domain/budget/model-call.ts";
import type { Json } from "../../../lib/domain/json.ts";
import type { RunAgent } from "../../../lib/services/worker/mediate.ts";

/** Micro-dollars that one call is reserved. */
const price = { minCost: 40_000, maxCost: 100_000 } as const;

/** `[[calls:3]]`, `[[calls:3:8000]]`: how many paid calls a task makes, and how many milliseconds each takes. */
const ordersIn = (text: string) => {
  const [, calls, callMs = 700] = /\[\[calls:(\d+)(?::(\d+))?\]\]/.exec(text) ?? [];
  return calls === undefined ? null : { calls: Number(calls), callMs: Number(callMs) };
};

const madeIn = (transcript: Json): number =>
  Number((transcript as { made?: number } | null)?.made ?? 0);

/** What a provider reports that counts wrongly: more than can be stored, and a million times what the call was granted. */
const absurd = (result: CallResult): CallResult => ({
  ...result,
  input_tokens: 2 ** 64,
  output_tokens: Number.MAX_SAFE_INTEGER,
  cost: result.cost * 1e6,
});

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
  onEffect: (task_id: string) => void;
  onRefused: (call_id: string) => void;
};

/** One paid call: it costs some of what it was granted, or, if the provider `lies`, seems to cost far more. */
const call = async (
  tools: AgentContext,
  { callMs, onRefused, lies }: Spending & { lies: boolean },
): Promise<Verdict> => {
  const { call_id, verdict } = await tools.spend.reserve({
    agent_type: "coder",
    provider: "sim",
    model: "sim-1",
    ...price,
  });
  if (verdict.kind !== "granted") {
    onRefused(call_id);
    return verdict;
  }
  try {
    await tools.sleep(callMs);
  } catch (error) {
    await tools.spend.settle(call_id, settledBy("cancelled", Math.round(verdict.amount / 2)));
    throw error;
  }
  const result = settledBy("answered", Math.round(verdict.amount * 0.9));
  await tools.spend.settle(call_id, lies ? absurd(result) : result);
  return verdict;
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
    const verdict = await call(tools, { ...spending, lies: made > 0 });
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
        })
      : offlineAgent(type).run(request, tools);
  };

import { expect, test } from "vitest";
import * as z from "zod";
import type { AgentContext } from "../../../../lib/agents/context.ts";
import { askModels } from "../../../../lib/agents/models/ask-models.ts";
import { replyFormat } from "../../../../lib/agents/models/model-reply.ts";
import { openTokenRatios, type TokenRatios } from "../../../../lib/agents/models/token-ratios.ts";
import { emptyLedger } from "../../../../lib/domain/budget/ledger.ts";
import type { ModelRef } from "../../../../lib/settings/providers.ts";
import { aFailedCall } from "../../../support/builders.ts";
import { fakeTools } from "../builders.ts";

const provider = {
  name: "openai",
  api: "openai",
  base_url: "http://127.0.0.1:9",
  api_key: "sk-secret",
  region: null,
  model: "gpt-5",
} as const;
const chain: ModelRef[] = [{ provider, model: "gpt-5" }];

const limit = {
  scope: "task",
  owner: "t1",
  amount: 0,
  ledger: emptyLedger("task:t1"),
} as const;

/** One question to a chain whose calls are never made. */
const asking = async (
  reserve: AgentContext["spend"]["reserve"],
  ratios: TokenRatios = openTokenRatios(),
) => {
  const { tools } = fakeTools();
  const reports: unknown[] = [];
  const asked = askModels(
    { prices: {}, timeoutMs: 1_000, retryBaseMs: 0, now: () => new Date(), ratios },
    {
      ...tools,
      spend: { ...tools.spend, reserve },
      breaker: {
        ...tools.breaker,
        report: async (...report) => void reports.push(report),
      },
    },
    chain,
    {
      agent_type: "coder",
      purpose: "answer",
      systemFor: () => "You are the coder.",
      messagesFor: () => [{ role: "user", content: "Write a haiku." }],
      shrink: 0,
      tools: {},
      format: replyFormat(z.string()),
      maxOutputTokens: 1_000,
      minOutputTokens: 1_000,
      temperature: undefined,
    },
  );
  return { asked: await asked.catch((error: Error) => error), reports };
};

const wanted = { minCost: 10, maxCost: 100 };
const calledOff = [["openai", aFailedCall({ fault: "cancelled", code: "aborted" })]];

test("a call that its budget forbids is called off: the provider's next try is free", async () => {
  const { asked, reports } = await asking(async () => ({
    call_id: "1",
    verdict: { kind: "used_up", limit, wanted },
  }));
  expect(asked).toEqual({ denied: { kind: "used_up", limit, wanted } });
  expect(reports).toEqual(calledOff);
});

test("so is one whose money cannot be reserved", async () => {
  const { asked, reports } = await asking(async () => {
    throw new Error("The claim is lost.");
  });
  expect(asked).toMatchObject({ message: "The claim is lost." });
  expect(reports).toEqual(calledOff);
});

test("a call reserves what it costs at the least and at the most", async () => {
  const plans: Parameters<AgentContext["spend"]["reserve"]>[0][] = [];
  await asking(async (call) => {
    plans.push(call);
    return { call_id: "1", verdict: { kind: "used_up", limit, wanted } };
  });
  const [{ minCost = 0, maxCost = 0, ...call } = {}] = plans;
  expect(call).toEqual({ agent_type: "coder", provider: "openai", model: "gpt-5" });
  expect(minCost).toBeGreaterThan(1_000 * 10);
  expect(maxCost).toBe(minCost);
});

test("what a provider counts changes no reservation", async () => {
  const plans: unknown[] = [];
  const reserve: AgentContext["spend"]["reserve"] = async (plan) => {
    plans.push(plan);
    throw new Error("Enough is seen.");
  };
  const lied = openTokenRatios();
  for (let call = 0; call < 50; call += 1)
    lied.learn({ provider, model: "gpt-5" }, { estimated: 100_000, reported: 1 });
  await asking(reserve);
  await asking(reserve, lied);
  expect(plans).toHaveLength(2);
  expect(plans[1]).toEqual(plans[0]);
});

import { expect, test } from "vitest";
import { openTokenRatios } from "../../../../lib/agents/models/token-ratios.ts";
import type { ModelRef } from "../../../../lib/settings/providers.ts";

const provider = {
  name: "openai",
  api: "openai",
  base_url: "http://127.0.0.1:9",
  api_key: "sk-secret",
  region: null,
  model: "gpt-5",
} as const;
const aModel = (model: string): ModelRef => ({ provider, model });
const ref = aModel("gpt-5");

const after = (calls: number, counts: { estimated: number; reported: number }): number => {
  const ratios = openTokenRatios();
  for (let call = 0; call < calls; call += 1) ratios.learn(ref, counts);
  return ratios.ratioOf(ref);
};

test.each([
  { name: "nothing was reported", calls: 0, reported: 10_000, ratio: 1 },
  { name: "it is as estimated", calls: 50, reported: 10_000, ratio: 1 },
  { name: "the texts are English", calls: 50, reported: 7_000, ratio: 0.75 },
  { name: "the texts are CSV", calls: 50, reported: 20_000, ratio: 2 },
  { name: "one call was odd", calls: 1, reported: 15_000, ratio: 1 },
  { name: "1 is reported of everything", calls: 500, reported: 1, ratio: 0.5 },
  { name: "far too much is reported", calls: 500, reported: 1e12, ratio: 3 },
  { name: "no number is reported", calls: 5, reported: Number.NaN, ratio: 1 },
  { name: "0 is reported", calls: 5, reported: 0, ratio: 1 },
])("$name: $ratio", ({ calls, reported, ratio }) => {
  expect(after(calls, { estimated: 10_000, reported })).toBe(ratio);
});

test("of a short prompt nothing is learnt", () => {
  expect(after(50, { estimated: 100, reported: 1_000 })).toBe(1);
});

test("models are told apart, and the oldest of many is forgotten", () => {
  const ratios = openTokenRatios();
  for (let call = 0; call < 50; call += 1)
    ratios.learn(ref, { estimated: 10_000, reported: 20_000 });
  expect(ratios.ratioOf(ref)).toBe(2);
  expect(ratios.ratioOf(aModel("gpt-6"))).toBe(1);
  for (let model = 0; model < 200; model += 1)
    ratios.learn(aModel(`m${model}`), { estimated: 10_000, reported: 20_000 });
  expect(ratios.ratioOf(ref)).toBe(1);
});

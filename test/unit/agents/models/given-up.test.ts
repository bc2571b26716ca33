import { expect, test } from "vitest";
import { type GivenUp, orderChain } from "../../../../lib/agents/models/given-up.ts";
import { aModel } from "./converse.ts";

const gone = (name: string, attempt: number, code = "invalid_answer"): GivenUp => ({
  model: `openai/${name}`,
  code,
  because: "",
  attempt,
});

type Row = { name: string; given_up: GivenUp[]; attempt?: number; model?: string; order: string };

test.each<Row>([
  { name: "all, as the agent prefers them", given_up: [], order: "abc" },
  { name: "the one that answered last goes on", given_up: [], model: "b", order: "bac" },
  { name: "not the one that this attempt gave up", given_up: [gone("a", 1)], order: "bc" },
  {
    name: "not the one that was asked last and given up",
    given_up: [gone("a", 1)],
    model: "a",
    order: "bc",
  },
  { name: "none", given_up: [gone("a", 1), gone("b", 1), gone("c", 1)], order: "" },
  { name: "not the one of an earlier attempt", given_up: [gone("a", 1)], attempt: 2, order: "bc" },
  {
    name: "a silent one of an earlier attempt last",
    given_up: [gone("a", 1, "timeout"), gone("b", 1)],
    attempt: 2,
    order: "ca",
  },
  {
    name: "all again when all were given up before, the last one first",
    given_up: [gone("a", 1), gone("b", 1), gone("c", 1)],
    attempt: 2,
    order: "cba",
  },
  {
    name: "of these not the one that this attempt gave up, too",
    given_up: [gone("a", 1), gone("b", 1), gone("c", 1), gone("c", 2)],
    attempt: 2,
    order: "ba",
  },
])("$name", ({ given_up, attempt = 1, model = "", order }) => {
  const chain = ["a", "b", "c"].map(aModel);
  const asked = orderChain(chain, { given_up, attempt, model: model && `openai/${model}` });
  expect(asked.map((each) => each.model).join("")).toBe(order);
});

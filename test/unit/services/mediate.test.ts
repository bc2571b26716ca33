import { expect, test } from "vitest";
import type { AgentContext, AgentRequest, AgentResult } from "../../../lib/agents/context.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { type RunAgent, runMediated } from "../../../lib/services/worker/mediate.ts";
import { theStep } from "../../support/builders.ts";
import { aRequest, fakeTools } from "../agents/builders.ts";
import { output } from "./worker.ts";

const conflict = {
  with_agent: "architect",
  objection: "The design has no users.",
  proposal: "Add users.",
};
const disagrees: AgentResult = { kind: "conflict", conflict };

type Run = (request: AgentRequest, tools: AgentContext) => AgentResult | Promise<AgentResult>;

/** Runs a coder whose answers are given, and an orchestrator that rules as is given. */
const mediated = async (
  coder: Run,
  rules: Run = () => ({ ...output, content: "Add them." }),
  transcript: Json = { rulings: [], transcript: { from: "before" } },
) => {
  const asked: AgentRequest[] = [];
  const rulers: AgentRequest[] = [];
  const run: RunAgent = async (type, request, given) => {
    expect(type).toBe(request.task.agent_type);
    (type === "coder" ? asked : rulers).push(request);
    return type === "coder" ? coder(request, given) : rules(request, given);
  };
  const { tools, calls, kept } = fakeTools();
  const request = aRequest({
    task: { name: "Code Generation", agent_type: "coder", step: theStep("code_generation") },
    transcript,
  });
  const result = await runMediated(run, request, tools);
  return { result, asked, rulers, said: calls, kept };
};

test("an agent that agrees is run once, and nobody mediates", async () => {
  const { result, asked, rulers, said } = await mediated(() => output);
  expect(result).toEqual(output);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.transcript).toEqual({ from: "before" });
  expect([rulers, said]).toEqual([[], []]);
});

test("a ruling reaches the agent, which begins anew", async () => {
  const { result, asked, said } = await mediated(({ rulings }) =>
    rulings.length === 0 ? disagrees : output,
  );
  expect(result).toEqual(output);
  expect(asked[1]).toEqual({
    ...asked[0],
    transcript: null,
    rulings: [{ ...conflict, ruling: "Add them." }],
  });
  expect(said).toEqual([
    "say Conflict with the architect: The design has no users.",
    "say The orchestrator mediates, attempt 1 of 3.",
    "say The orchestrator rules: Add them.",
  ]);
});

test("the mediator gets the conflict as a task of its own, with what the agent knows", async () => {
  const { asked, rulers } = await mediated(({ rulings }) =>
    rulings.length === 0 ? disagrees : output,
  );
  expect(rulers).toEqual([
    {
      ...asked[0],
      mediates: conflict,
      transcript: null,
      task: {
        ...asked[0]?.task,
        name: "Mediation",
        agent_type: "orchestrator",
        step: null,
        output_type: "agent_output",
        handoff: null,
        instructions: expect.stringContaining("Objection of the coder: The design has no users."),
      },
    },
  ]);
  expect(rulers[0]?.task.instructions).toContain("What the coder proposes: Add users.");
});

test("a conflict that is too long for a task is truncated", async () => {
  const long = { ...conflict, objection: "x".repeat(30_000) };
  const { rulers } = await mediated(({ rulings }) =>
    rulings.length === 0 ? { kind: "conflict", conflict: long } : output,
  );
  expect(rulers[0]?.task.instructions).toHaveLength(20_000);
});

test("after three mediated attempts a person is asked", async () => {
  const { result, asked, rulers, said } = await mediated(() => disagrees);
  expect(asked.map(({ rulings }) => rulings.length)).toEqual([0, 1, 2, 3]);
  expect(rulers).toHaveLength(3);
  expect(said.filter((line) => line.includes("mediates"))).toEqual([
    "say The orchestrator mediates, attempt 1 of 3.",
    "say The orchestrator mediates, attempt 2 of 3.",
    "say The orchestrator mediates, attempt 3 of 3.",
  ]);
  expect(result).toEqual({
    kind: "question",
    question:
      "Code Generation: the coder and the architect still disagree after 3 mediated attempts. Objection: The design has no users. Proposal: Add users. What holds?",
    options: ["As proposed", "As it was"],
  });
});

test("an agent that asks a person in between does so", async () => {
  const question: AgentResult = { kind: "question", question: "Why?", transcript: ["so far"] };
  const { result } = await mediated(({ rulings }) => (rulings.length === 0 ? disagrees : question));
  expect(result).toEqual({
    ...question,
    transcript: { rulings: [{ ...conflict, ruling: "Add them." }], transcript: ["so far"] },
  });
});

const ruling = { ...conflict, ruling: "Add them." };

test("a ruling is kept as soon as it is made, for later attempts", async () => {
  const first = await mediated(({ rulings }) => (rulings.length === 0 ? disagrees : output));
  expect(first.kept).toEqual([{ rulings: [ruling], transcript: null }]);
  const second = await mediated(
    ({ rulings }) => (rulings.length < 2 ? disagrees : output),
    undefined,
    first.kept[0],
  );
  expect(second.asked.map(({ rulings }) => rulings.length)).toEqual([1, 2]);
  expect(second.said).toContain("say The orchestrator mediates, attempt 2 of 3.");
});

test("an agent's checkpoint carries the rulings", async () => {
  const { kept } = await mediated(async ({ rulings }, tools) => {
    await tools.checkpoint(`after ${rulings.length}`);
    return rulings.length === 0 ? disagrees : output;
  });
  expect(kept).toEqual([
    { rulings: [], transcript: "after 0" },
    { rulings: [ruling], transcript: null },
    { rulings: [ruling], transcript: "after 1" },
  ]);
});

test("what a person has settled may be fought over anew", async () => {
  const { result } = await mediated(() => disagrees);
  expect(result).not.toHaveProperty("transcript");
});

test.each([null, "nonsense", { rulings: "none", transcript: 1 }])(
  "what is %j has no rulings, and the agent may know it",
  async (transcript) => {
    const { asked } = await mediated(() => output, undefined, transcript);
    expect(asked[0]).toMatchObject({ transcript, rulings: [] });
  },
);

test("long texts are truncated before they are kept", async () => {
  const long = "x".repeat(30_000);
  const { kept } = await mediated(
    ({ rulings }) =>
      rulings.length < 3
        ? { kind: "conflict", conflict: { ...conflict, objection: long, proposal: long } }
        : output,
    () => ({ ...output, content: { summary: long } }),
  );
  expect(JSON.stringify(kept.at(-1)).length).toBeLessThan(32_000);
  expect(kept.at(-1)).toMatchObject({ rulings: Array(3).fill({ with_agent: "architect" }) });
});

test("a mediator that disagrees, too, has not ruled", async () => {
  const { asked } = await mediated(
    ({ rulings }) => (rulings.length === 0 ? disagrees : output),
    () => disagrees,
  );
  expect(asked[1]?.rulings).toEqual([{ ...conflict, ruling: null }]);
});

test("a mediator may ask a person first", async () => {
  const { result, asked } = await mediated(
    () => disagrees,
    () => ({ kind: "question", question: "Who decides?", transcript: ["the mediator's"] }),
  );
  expect(result).toEqual({ kind: "question", question: "Who decides?", transcript: null });
  expect(asked).toHaveLength(1);
});

const stop = { kind: "budget", wanted: { minCost: 1, maxCost: 2 } } as const;

test("a budget that stops the mediator stops the agent, which does not go on from its words", async () => {
  const { result, asked } = await mediated(
    () => disagrees,
    () => ({ ...stop, transcript: ["the mediator's"] }),
  );
  expect(result).toEqual({ ...stop, transcript: null });
  expect(asked).toHaveLength(1);
});

test("a budget that stops the agent leaves it its own words", async () => {
  const { result } = await mediated(() => ({ ...stop, transcript: ["its own"] }));
  expect(result).toEqual({ ...stop, transcript: { rulings: [], transcript: ["its own"] } });
});

test("a stop of the mediator forgets no ruling", async () => {
  const { result } = await mediated(
    () => disagrees,
    ({ rulings }) => (rulings.length === 0 ? { ...output, content: "Add them." } : stop),
  );
  expect(result).toEqual({ ...stop, transcript: { rulings: [ruling], transcript: null } });
});

test("a mediator that fails fails the attempt", async () => {
  const failing = mediated(
    () => disagrees,
    () => {
      throw new Error("Boom");
    },
  );
  await expect(failing).rejects.toThrow("Boom");
});

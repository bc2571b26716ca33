import { expect, test } from "vitest";
import type { AgentResult } from "../../../lib/agents/context.ts";
import { anId, aStepTask, aTask, atStep } from "../../support/builders.ts";
import { handle, output } from "./worker.ts";

const wanted = { minCost: 10, maxCost: 100 };
const budgets = { task: 5, project: null, tenant: null, day: null };
const about = { kind: "used_up", scope: "task", owner: anId(10), amount: 5, needed: 10 } as const;

const asking: Record<string, AgentResult> = {
  question: { kind: "question", question: "Which database?", options: ["SQLite"] },
  budget: { kind: "budget", wanted },
};

test.each(["question", "budget"])(
  "a %s that stops a task keeps what the agent has so far",
  async (kind) => {
    const { outcome, task, kept, stored } = await handle(
      async () =>
        ({
          ...(asking[kind] as AgentResult),
          transcript: { messages: ["Hello"] },
        }) as AgentResult,
      { budgets },
    );
    expect(outcome).toBe("asked");
    expect(kept).toEqual([{ rulings: [], transcript: { messages: ["Hello"] } }]);
    expect(task).toMatchObject({ status: "waiting_for_hitl", transcript: "d".repeat(64) });
    expect(Object.values(stored.state().requests)).toMatchObject([
      { kind, about: kind === "budget" ? about : null },
    ]);
  },
);

test.each<{ name: string; result: AgentResult }>([
  { name: "none", result: asking.question as AgentResult },
  { name: "an empty one", result: { ...asking.budget, transcript: null } as AgentResult },
  {
    name: "one too large to keep",
    result: { ...asking.question, transcript: "x".repeat(256 * 1_024) } as AgentResult,
  },
])("of transcripts, $name: the agent begins anew", async ({ result }) => {
  const { outcome, task, kept } = await handle(async () => result, {
    task: aTask({ transcript: "e".repeat(64) }),
    budgets,
  });
  expect(outcome).toBe("asked");
  expect(kept).toEqual([]);
  expect(task).toMatchObject({ status: "waiting_for_hitl", transcript: null });
});

test("what an agent left reaches its next run", async () => {
  const transcript = "b".repeat(64);
  const { requests } = await handle(async () => asking.question as AgentResult, {
    task: aTask({ transcript }),
  });
  expect(requests).toMatchObject([{ transcript: "So far" }]);
});

test("a transcript whose content is gone is none", async () => {
  const { requests } = await handle(async () => asking.question as AgentResult, {
    task: aTask({ transcript: "f".repeat(64) }),
  });
  expect(requests).toMatchObject([{ transcript: null }]);
});

test("a transcript that cannot be kept for now costs no attempt", async () => {
  const asked = { ...asking.question, transcript: "so far" } as AgentResult;
  const { outcome, kept, task } = await handle(async () => asked, { keeping: 3 });
  expect(outcome).toBe("asked");
  expect(kept).toEqual([{ rulings: [], transcript: "so far" }]);
  expect(task).toMatchObject({ status: "waiting_for_hitl", attempt: 1 });
});

test("of an output's open questions a person reads the first ten, and not more than 500 characters each", async () => {
  const task = aStepTask("project_planning", { status: "pending", attempt: 0, lease_until: null });
  const open_questions = [
    `${"x".repeat(500)}yz`,
    ...Array.from({ length: 11 }, (_, i) => `Q${i}?`),
  ];
  const { stored } = await handle(async () => ({ ...output, open_questions, confidence: 0.1 }), {
    task,
    project: atStep(task),
  });
  const [request] = Object.values(stored.state().requests);
  expect(request?.question).toContain(`${"x".repeat(500)} Q0?`);
  expect(request?.question).toContain("Q8?");
  expect(request?.question).not.toContain("Q9?");
});

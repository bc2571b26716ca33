import { expect, test } from "vitest";
import type { Script } from "../providers/wire.ts";
import { answering, good, inTurn, startModels, withAgent } from "../support/models-backend.ts";

const models = { AGENT_MODELS: "*=openai,orchestrator=anthropic" };

/** Whose prompt it is. */
const agentIn = (system: string) => /^You are the (\w+)/.exec(system)?.[1];

/** All goes well, but the architect is not sure, and the first two test runs fail. */
const doubtful = (confidence: number): Script => {
  let runs = 0;
  return (call, index) => {
    const isDesign = call.prompt.includes("Architectural Design");
    if (isDesign)
      return answering({ confidence, open_questions: ["Which currency?"] })(call, index);
    if (agentIn(call.system) !== "tester") return good(call, index);
    runs += 1;
    return runs <= 2 ? answering({}, { failed: 3 })(call, index) : good(call, index);
  };
};

test("an unsure agent is put before the person at medium, with what it would like to know", async () => {
  await using backend = await startModels(doubtful(0.5), models);
  const { id } = await backend.on.project({ workflow: "sdlc", oversight_level: "medium" });
  await backend.work();
  await backend.answer(id, { action: "approve" });
  const { pending, task } = await backend.answer(id, { action: "approve" });
  expect(task).toMatchObject({ name: "Architectural Design", status: "completed" });
  expect(pending).toMatchObject([{ kind: "gate", task_id: task?.task_id }]);
  expect(pending[0]?.question).toContain("The agent is only 50 % sure of it.");
  expect(pending[0]?.question).toContain("Open questions: Which currency?");
  const again = await backend.answer(id, { action: "amend", content: "In euros, please." });
  expect(backend.providers.calls.at(-1)?.prompt).toContain("In euros, please.");
  expect(again.pending).toMatchObject([{ kind: "gate", context_ids: [{ version: 2 }] }]);
});

test("at low nobody is asked, however unsure; failed tests go round by the coder until they pass", async () => {
  await using backend = await startModels(doubtful(0), models);
  const { id } = await backend.on.project({ workflow: "sdlc", oversight_level: "low" });
  await backend.work();
  expect(await backend.on.projectOf(id)).toMatchObject({ status: "completed" });
  const { tasks, log } = await backend.look(id);
  expect(log.map(({ event_type }) => event_type)).not.toContain("hitl_request_created");
  expect(tasks.flatMap(({ step }) => (step && /test|fix/.test(step) ? [step] : []))).toEqual([
    "code_testing",
    "bug_fix",
    "code_testing",
    "bug_fix",
    "code_testing",
  ]);
});

const conflict = {
  with_agent: "Architect",
  objection: "The plan wants a file, the design a table.",
  proposal: "A table.",
};

/** The coder is in conflict as long as it is to be; the orchestrator always rules. */
const inConflict =
  (times: number): Script =>
  (call, index) => {
    if (agentIn(call.system) !== "coder")
      return answering({}, { summary: "The table counts." })(call, index);
    const rulings = call.prompt.split("On your conflict with the architect").length - 1;
    const word = call.prompt.includes("What holds?");
    return rulings < times && !word ? answering({ conflict })(call, index) : good(call, index);
  };

test("a conflict goes to the orchestrator, whose ruling the agent then reads", async () => {
  await using backend = await startModels(inConflict(1), models);
  const { task, models: calls, said, pending, usage } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(calls.map(({ provider, purpose }) => [provider, purpose])).toEqual([
    ["openai", "answer"],
    ["anthropic", "mediation"],
    ["openai", "answer"],
  ]);
  const [, ruling, after] = backend.providers.calls;
  expect(ruling?.prompt).toContain("Objection of the coder: The plan wants a file");
  expect(after?.prompt).toContain("The table counts.");
  expect(said).toContain("The orchestrator mediates, attempt 1 of 3.");
  expect(pending).toEqual([]);
  expect(usage.by_agent).toMatchObject([
    { agent_type: "coder", calls: 2 },
    { agent_type: "orchestrator", calls: 1 },
  ]);
});

test("a conflict that three rulings do not end is for the person, and their word ends it", async () => {
  await using backend = await startModels(inConflict(99), models);
  const { task, models: calls, pending, project_id } = await backend.run();
  expect(task).toMatchObject({ status: "waiting_for_hitl" });
  expect(calls.map(({ purpose }) => purpose)).toEqual([
    ...Array(3).fill(["answer", "mediation"]).flat(),
    "answer",
  ]);
  expect(pending).toMatchObject([{ kind: "question", options: ["As proposed", "As it was"] }]);
  expect(pending[0]?.question).toContain(conflict.objection);
  const after = await backend.answer(project_id, { action: "amend", content: "As proposed" });
  expect(after.task).toMatchObject({ status: "completed" });
  expect(after.models).toHaveLength(8);
  expect(backend.providers.calls.at(-1)?.prompt).toContain("As proposed");
});

test("a limit that stops the mediator is asked about; then the agent does its own work", async () => {
  const script: Script = async (call, index) => ({
    ...(await inConflict(1)(call, index)),
    usage: { input_tokens: 1_000, output_tokens: index === 0 ? 91_000 : 100 },
  });
  const agents = withAgent("coder", { max_output_tokens: 100_000 });
  const env = { ...models, BUDGET_TASK_USD: "1" };
  await using backend = await startModels(script, env, { agents });
  const { pending, project_id } = await backend.run();
  expect(pending).toMatchObject([{ kind: "budget" }]);
  const after = await backend.answer(project_id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed" });
  const own = backend.providers.calls.filter(({ system }) => agentIn(system) === "coder");
  for (const { prompt } of own) expect(prompt).toContain("Write a haiku.");
});

test("a conflict with nobody there is: no ruling, a note for the person", async () => {
  const script = inTurn(answering({ conflict: { ...conflict, with_agent: "the weather" } }));
  await using backend = await startModels(script, models);
  const { task, models: calls, project_id } = await backend.run();
  expect(task).toMatchObject({ status: "completed" });
  expect(calls).toHaveLength(1);
  const { artifact_metadata } = await backend.outputOf(project_id);
  expect(JSON.stringify(artifact_metadata)).toContain(conflict.objection);
});

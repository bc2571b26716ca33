import { expect, test } from "vitest";
import { startBackend } from "../support/backend.ts";
import { isOfType } from "../support/events.ts";
import { useCasesOf } from "../support/use-cases.ts";

const objection = "A directive makes the coder object in ";

test("agents that disagree are mediated between three times, then a person is asked", async () => {
  await using backend = await startBackend();
  const on = useCasesOf(backend);
  const { id } = await on.project();
  const { task_id } = await on.task(id, "Write a haiku. [[conflict:always]]");
  const said = async () =>
    (await on.log(id)).filter(isOfType("agent_chat_message")).map(({ data }) => data.message);

  await backend.work();
  const messages = await said();
  expect(messages.filter((text) => text.startsWith("Conflict with the analyst:"))).toHaveLength(3);
  expect(messages.filter((text) => text.includes("mediates"))).toEqual([
    "The orchestrator mediates, attempt 1 of 3.",
    "The orchestrator mediates, attempt 2 of 3.",
    "The orchestrator mediates, attempt 3 of 3.",
  ]);
  const [request, ...more] = await on.pending(id);
  expect(more).toEqual([]);
  expect(request).toMatchObject({
    task_id,
    question: expect.stringContaining(
      `still disagree after 3 mediated attempts. Objection: ${objection}`,
    ),
    options: ["As proposed", "As it was"],
  });
  expect(await on.taskOf(id, task_id)).toMatchObject({ status: "waiting_for_hitl", attempt: 1 });

  await on.answer({ request_id: request?.request_id ?? "", action: "approve" });
  await backend.work();
  expect(await on.taskOf(id, task_id)).toMatchObject({ status: "completed", attempt: 2 });
  expect((await said()).filter((text) => text.includes("mediates"))).toHaveLength(3);
});

test("agents that agree after mediation ask nobody", async () => {
  await using backend = await startBackend();
  const on = useCasesOf(backend);
  const { id } = await on.project();
  const { task_id } = await on.task(id, "Write a haiku. [[conflict:2]]");
  await backend.work();
  expect(await on.taskOf(id, task_id)).toMatchObject({ status: "completed", attempt: 1 });
  expect(await on.pending(id)).toEqual([]);
});

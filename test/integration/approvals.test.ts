import { afterAll, describe, expect, test } from "vitest";
import { resume } from "../../lib/services/projects/steer-project.ts";
import { bulkApprove } from "../../lib/services/requests/bulk-approve.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { movableClock } from "../support/clock.ts";
import { useCasesOf } from "../support/use-cases.ts";

const clock = movableClock();
const backend = await startBackend({ clock });
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

const atFirstGate = async () => {
  const { id } = await on.project({ workflow: "sdlc" });
  await backend.work();
  const [request] = await on.pending(id);
  return { project_id: id, request_id: request?.request_id ?? "" };
};

test("of twenty people who answer at once, exactly one decides, and the log says who", async () => {
  const { project_id, request_id } = await atFirstGate();
  const actions = ["approve", "reject", "amend"] as const;
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => {
      const action = actions[index % 3] ?? "approve";
      return on.answer({ request_id, action, content: "Shorter." }, `person-${index}`);
    }),
  );
  const won = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  expect(won).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected")
      expect(answer.reason).toMatchObject({ code: "already-decided" });
  }
  const decisions = (await on.log(project_id)).filter(
    ({ event_type }) => event_type === "hitl_response",
  );
  expect(decisions).toHaveLength(1);
  expect(decisions[0]).toMatchObject({
    actor: { type: "user", id: won[0]?.request.responded_by },
    data: { action: won[0]?.action },
  });
});

test("an amendment runs the same task again, and its output is the next version", async () => {
  const { project_id, request_id } = await atFirstGate();
  const [before] = await on.tasksOf(project_id);
  await on.answer({ request_id, action: "amend", content: "Sell maps, too." });
  await backend.work();
  const [after, ...others] = await on.tasksOf(project_id);
  expect(others).toEqual([]);
  expect(after).toMatchObject({ task_id: before?.task_id, attempt: 2, status: "completed" });
  expect(after?.output).toMatchObject({ context_id: before?.output?.context_id, version: 2 });
  const [asked] = await on.pending(project_id);
  expect(asked?.context_ids).toMatchObject([{ version: 2, sha256: after?.output?.sha256 }]);
  const first = await backend.deps.findArtifact("local", before?.output?.context_id ?? "", 1);
  expect(first.sha256).toBe(before?.output?.sha256);
});

test("a rejection halts the project, and a resume runs the rejected task again", async () => {
  const { project_id, request_id } = await atFirstGate();
  expect(await on.answer({ request_id, action: "reject" })).toMatchObject({
    status: "rejected",
    workflow_resumed: false,
  });
  await backend.work();
  expect(await on.projectOf(project_id)).toMatchObject({ status: "halted" });
  expect(await on.tasksOf(project_id)).toHaveLength(1);
  await on.perform(resume({ project_id }));
  await backend.work();
  expect(await on.tasksOf(project_id)).toMatchObject([{ attempt: 2, status: "completed" }]);
  expect(await on.pending(project_id)).toHaveLength(1);
});

describe("a request that nobody answers", () => {
  test("takes no answer after its time, even before the sweeper comes", async () => {
    const { request_id } = await atFirstGate();
    clock.forward(24 * 3_600_000);
    await expect(on.answer({ request_id, action: "approve" })).rejects.toMatchObject({
      code: "already-decided",
      extensions: { current: "expired" },
    });
  });

  test("halts the project, and is asked again when the project is resumed", async () => {
    const { project_id, request_id } = await atFirstGate();
    clock.forward(24 * 3_600_000);
    await backend.sweep();
    expect(await on.projectOf(project_id)).toMatchObject({ status: "halted" });
    await on.perform(resume({ project_id }));
    const [again] = await on.pending(project_id);
    expect(again?.request_id).not.toBe(request_id);
    await on.answer({ request_id: again?.request_id ?? "", action: "approve" });
    expect(await on.tasksOf(project_id)).toHaveLength(2);
  });
});

test("bulk approval: one that fails does not undo the others", async () => {
  const { request_id: first } = await atFirstGate();
  const { request_id: second } = await atFirstGate();
  await on.answer({ request_id: second, action: "reject" });
  const request_ids = [first, second, backend.platform.newId()];
  const sender = { call: aCall(), idempotencyKey: undefined };
  const { result, isFinal } = await bulkApprove(backend.deps, sender, { request_ids });
  expect(isFinal).toBe(true);
  expect(result).toMatchObject({
    approved_count: 1,
    failed_count: 2,
    results: [
      { success: true, status: "approved" },
      { success: false, error: { code: "already-decided" } },
      { success: false, error: { code: "not-found" } },
    ],
  });
});

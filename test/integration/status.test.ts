import { afterAll, expect, test } from "vitest";
import { projectStatus } from "../../lib/services/projects/project-status.ts";
import { pause } from "../../lib/services/projects/steer-project.ts";
import { openRequest } from "../../lib/services/requests/open-request.ts";
import { cancel } from "../../lib/services/tasks/task-commands.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { useCasesOf } from "../support/use-cases.ts";

const backend = await startBackend();
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

test("what is open is on the screen, however much has come after it", async () => {
  const { id: project_id } = await on.project();
  await on.perform(pause({ project_id }));
  const { task_id } = await on.task(project_id, "Ask me.");
  const ask = { project_id, task_id, question: "Which?", options: [], context_ids: [] };
  const { request_id } = await on.perform(openRequest(ask));
  for (let index = 0; index < 101; index += 1) {
    const task = await on.task(project_id, `Haiku ${index}`);
    await on.perform(cancel(task));
  }
  const screen = await projectStatus(backend.deps, aCall(), { project_id });
  expect(screen.pending_hitl.map((request) => request.request_id)).toEqual([request_id]);
  expect(screen.tasks[0]?.task_id).toBe(task_id);
  expect(screen.tasks).toHaveLength(101);
});

test("a screen that was read while others write fits its head", async () => {
  const { id: project_id } = await on.project();
  await on.perform(pause({ project_id }));
  const writing = (async () => {
    for (let index = 0; index < 20; index += 1) await on.task(project_id, `Haiku ${index}`);
  })();
  const screens = await Promise.allSettled(
    Array.from({ length: 10 }, () => projectStatus(backend.deps, aCall(), { project_id })),
  );
  await writing;
  const log = await on.log(project_id);
  for (const screen of screens) {
    if (screen.status === "rejected") {
      expect(screen.reason).toMatchObject({ code: "busy" });
      continue;
    }
    const { head, tasks } = screen.value;
    const created = log.filter(
      ({ seq, event_type }) => seq <= head && event_type === "task_created",
    );
    expect(tasks).toHaveLength(created.length);
  }
});

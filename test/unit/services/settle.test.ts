import { expect, test } from "vitest";
import { emit } from "../../../lib/domain/change.ts";
import { projectEvent } from "../../../lib/domain/events.ts";
import { seal } from "../../../lib/domain/prepare-write.ts";
import type { ProjectStatus } from "../../../lib/domain/project/project.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import { settle } from "../../../lib/services/commit/after-commit.ts";
import {
  aChange,
  aMoment,
  anId,
  aTask,
  aWorkingTask,
  now,
  nowPlus,
  waitTimes,
} from "../../support/builders.ts";

type Given = { tasks?: TaskRecord[]; status?: ProjectStatus; touched?: string[]; told?: boolean };

const settled = async ({ tasks = [], status = "active", touched, told = true }: Given) => {
  const after = aChange({ project: { status }, tasks });
  const { events } = seal(
    emit(projectEvent("error", { code: "x", message: "y" }))(after),
    aMoment(),
    waitTimes,
  );
  const sends: unknown[] = [];
  const broadcasts: unknown[] = [];
  const errors: unknown[] = [];
  const ids = new Set(touched ?? Object.keys(after.tasks));
  await settle(
    {
      sendTask: async (message, delayMs) => {
        if (message.task_id === anId(13)) throw new Error("queue down");
        sends.push([message.task_id, delayMs]);
      },
      broadcast: async (...args) => void broadcasts.push(args),
      onError: (error) => void errors.push(error),
      timeout: () => new AbortController().signal,
      now: () => new Date(now),
    },
    { result: null, after, events: told ? events : [], touched: ids },
  );
  return { sends, broadcasts, errors };
};

const [first, delayed] = [aTask(), aTask({ task_id: anId(11), not_before: nowPlus(4) })];

test.each([
  { name: "a task that became pending", given: { tasks: [first] }, sends: [[anId(10), 0]] },
  {
    name: "a retry, as late as it is due",
    given: { tasks: [delayed] },
    sends: [[anId(11), 4_000]],
  },
  {
    name: "only what this commit touched",
    given: { tasks: [first, delayed], touched: [anId(11)] },
    sends: [[anId(11), 4_000]],
  },
  { name: "nothing of a task that runs", given: { tasks: [aWorkingTask()] }, sends: [] },
  { name: "nothing in a paused project", given: { tasks: [first], status: "paused" }, sends: [] },
  {
    name: "nothing in a closed project",
    given: { tasks: [first], status: "completed" },
    sends: [],
  },
] as { name: string; given: Given; sends: unknown[] }[])(
  "the queue is told of $name",
  async ({ given, sends }) => {
    expect((await settled(given)).sends).toEqual(sends);
  },
);

test.each([
  { told: true, times: 1 },
  { told: false, times: 0 },
])("watchers are told when there are events: $told", async ({ told, times }) => {
  expect((await settled({ told })).broadcasts).toHaveLength(times);
});

test("one failure loses nothing else, and is reported", async () => {
  const broken = aTask({ task_id: anId(13) });
  const { sends, broadcasts, errors } = await settled({ tasks: [broken, first] });
  expect(sends).toEqual([[anId(10), 0]]);
  expect(broadcasts).toHaveLength(1);
  expect(errors).toMatchObject([{ message: "queue down" }]);
});

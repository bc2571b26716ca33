import { expect, test } from "vitest";
import { apply, emit, put, setProject } from "../../../lib/domain/change.ts";
import { Event, projectEvent } from "../../../lib/domain/events.ts";
import { afterWrite, isEmpty, prepareWrite } from "../../../lib/domain/prepare-write.ts";
import { pauseProject, updateProject } from "../../../lib/domain/project/steer-project.ts";
import {
  aChange,
  aMoment,
  anArtifact,
  anId,
  aRequest,
  aTask,
  aWorkingTask,
  nowPlus,
  waitTimes,
} from "../../support/builders.ts";

const message = (text: string) => projectEvent("error", { code: "x", message: text });
const moment = aMoment({ now: nowPlus(7), actor: { type: "agent", id: "coder" } });

test("events get the numbers after the head, without a gap", () => {
  const before = aChange({ project: { head: 41 } });
  const { events, change } = prepareWrite(
    apply(before, emit(message("a"), message("b"))),
    moment,
    waitTimes,
  );
  expect(events.map(({ seq }) => seq)).toEqual([42, 43]);
  expect(change.project).toMatchObject({ head: 43, updated_at: nowPlus(7) });
});

test("an event says who, what, when and where, and fits its schema", () => {
  const task = aWorkingTask();
  const drafted = apply(aChange({ tasks: [task] }), emit(message("a")));
  const [event] = prepareWrite(drafted, moment, waitTimes).events;
  expect(event && Event.parse(event)).toEqual({
    seq: 1,
    event_id: expect.any(String),
    event_type: "error",
    project_id: anId(1),
    task_id: null,
    agent_type: null,
    data: { code: "x", message: "a" },
    actor: { type: "agent", id: "coder" },
    timestamp: nowPlus(7),
  });
});

test("events and commits have ids of their own", () => {
  const drafted = apply(aChange(), emit(message("a"), message("b")));
  const [one, two] = [
    prepareWrite(drafted, moment, waitTimes),
    prepareWrite(drafted, moment, waitTimes),
  ];
  const ids = [one, two].flatMap(({ events, commit_id }) => [
    commit_id,
    ...events.map(({ event_id }) => event_id),
  ]);
  expect(new Set(ids).size).toBe(6);
});

test("without events the head and updated_at stay", () => {
  const before = aChange({ project: { head: 41 } });
  const { change, events } = prepareWrite(put("tasks", aTask())(before), moment, waitTimes);
  expect(events).toEqual([]);
  expect(change.project).toMatchObject({ head: 41, updated_at: before.project.updated_at });
});

test.each([
  {
    name: "an update without a difference",
    edit: updateProject({ name: "Cookbook" }),
    empty: true,
  },
  { name: "an event", edit: emit(message("a")), empty: false },
  { name: "a task", edit: put("tasks", aTask()), empty: false },
  { name: "the project alone", edit: setProject({ step: "x" }), empty: false },
  { name: "a new status", edit: pauseProject, empty: false },
])("with $name there is nothing to write: $empty", ({ edit, empty }) => {
  const before = aChange();
  expect(isEmpty(edit(before), before.project)).toBe(empty);
});

test("after the write what was touched is one revision on, and nothing else", () => {
  const other = aTask({ task_id: anId(11), rev: 5 });
  const before = aChange({
    project: { rev: 3 },
    tasks: [aTask({ rev: 2 }), other],
    requests: [aRequest()],
    artifacts: [anArtifact()],
  });
  const prepared = prepareWrite(
    apply(before, put("tasks", aTask({ rev: 2 })), emit(message("a"))),
    moment,
    waitTimes,
  );
  const after = afterWrite(prepared);
  expect(after.project).toMatchObject({ rev: 4, head: 1 });
  expect(after.tasks[anId(10)]?.rev).toBe(3);
  expect(after.tasks[anId(11)]).toBe(other);
  expect(after.requests[anId(20)]?.rev).toBe(1);
  expect(after.artifacts[anId(30)]?.rev).toBe(1);
  expect(after.changedIds.size).toBe(0);
  expect(after.events).toEqual([]);
});

import { expect, test } from "vitest";
import { type Edit, moveAgent } from "../../../lib/domain/change.ts";
import { type AgentActivity, statusOf } from "../../../lib/domain/project/agent.ts";
import { aChange, aMoment, anId, aTask, decided, now, nowPlus } from "../../support/builders.ts";

test.each([
  { is: undefined, status: "idle", task: null },
  { is: {}, status: "idle", task: null },
  { is: { working: [anId(1), anId(2)] }, status: "working", task: anId(2) },
  { is: { waiting: [anId(3)] }, status: "waiting_for_hitl", task: anId(3) },
  { is: { error: "Boom" }, status: "error", task: null },
  { is: { working: [anId(1)], waiting: [anId(3)] }, status: "working", task: anId(1) },
  { is: { error: "Boom", waiting: [anId(3)] }, status: "error", task: anId(3) },
])("an agent with $is is $status", ({ is, status, task }) => {
  const activity: AgentActivity | undefined = is && { ...is, at: now };
  expect(statusOf(anId(9), "coder", activity)).toEqual({
    agent_type: "coder",
    project_id: anId(9),
    status,
    current_task_id: task,
    error_message: activity?.error ?? null,
    last_activity: activity ? now : null,
  });
});

const [a, b] = [aTask({ task_id: anId(10) }), aTask({ task_id: anId(11) })];
type What = Parameters<typeof moveAgent>[1];
const moves = (...steps: readonly [typeof a, What][]): Edit[] =>
  steps.map(([task, what], index) => moveAgent(task, what, { now: nowPlus(index) }));

/** The last move, and the agent's status change that it makes known; undefined when none. */
const said = (...steps: readonly [typeof a, What][]) => {
  const edits = moves(...steps);
  const before = decided(aChange({ tasks: [a, b] }), ...edits.slice(0, -1));
  const last = decided(before, ...edits.slice(-1));
  expect(last.project.agents.coder?.at).toBe(nowPlus(steps.length - 1));
  return last.events[before.events.length]?.data;
};

test.each([
  { name: "a start", steps: [[a, "start"]], status: "working", previous: "idle", task: anId(10) },
  {
    name: "a second task beside the first",
    steps: [
      [a, "start"],
      [b, "start"],
    ],
    status: "working",
    previous: "working",
    task: anId(11),
  },
  {
    name: "the end of the second of two",
    steps: [
      [a, "start"],
      [b, "start"],
      [b, "leave"],
    ],
    status: "working",
    previous: "working",
    task: anId(10),
  },
  {
    name: "the end",
    steps: [
      [a, "start"],
      [a, "leave"],
    ],
    status: "idle",
    previous: "working",
    task: null,
  },
  {
    name: "a question while another task runs",
    steps: [
      [a, "wait"],
      [b, "start"],
      [b, "leave"],
    ],
    status: "waiting_for_hitl",
    previous: "working",
    task: anId(10),
  },
  {
    name: "a failure",
    steps: [
      [a, "start"],
      [a, { fail: "Boom" }],
    ],
    status: "error",
    previous: "working",
    task: null,
  },
  {
    name: "a start after a failure",
    steps: [
      [a, { fail: "Boom" }],
      [a, "start"],
    ],
    status: "working",
    previous: "error",
    task: anId(10),
  },
  {
    name: "a reset",
    steps: [
      [a, { fail: "Boom" }],
      [a, "reset"],
    ],
    status: "idle",
    previous: "error",
    task: null,
  },
] as {
  name: string;
  steps: [typeof a, What][];
  status: string;
  previous: string;
  task: string | null;
}[])("$name: $previous → $status", ({ steps, status, previous, task }) => {
  expect(said(...steps)).toEqual({
    status,
    previous,
    current_task_id: task,
    error_message: status === "error" ? "Boom" : null,
  });
});

test.each([
  {
    name: "the end of the older of two",
    steps: [
      [a, "start"],
      [b, "start"],
      [a, "leave"],
    ],
  },
  {
    name: "leaving twice",
    steps: [
      [a, "start"],
      [a, "leave"],
      [a, "leave"],
    ],
  },
  {
    name: "an error that stays",
    steps: [
      [a, { fail: "Boom" }],
      [b, "leave"],
    ],
  },
] as { name: string; steps: [typeof a, What][] }[])("$name changes no status", ({ steps }) => {
  expect(said(...steps)).toBeUndefined();
});

test("each agent has a status of its own", () => {
  const tester = aTask({ agent_type: "tester" });
  const { project } = decided(
    aChange({ tasks: [tester] }),
    ...moves([a, "start"], [tester, "wait"]),
    moveAgent(a, "leave", aMoment()),
  );
  expect(project.agents).toEqual({
    coder: { at: now },
    tester: { at: nowPlus(1), waiting: [anId(10)] },
  });
});

import { expect, test } from "vitest";
import type { Change } from "../../../lib/domain/change.ts";
import type { OversightLevel } from "../../../lib/domain/common.ts";
import type { Event } from "../../../lib/domain/events.ts";
import { afterWrite, prepareWrite } from "../../../lib/domain/prepare-write.ts";
import { statusOf } from "../../../lib/domain/project/agent.ts";
import { createProject } from "../../../lib/domain/project/create-project.ts";
import type { HitlAction } from "../../../lib/domain/request/request.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import { completeTask } from "../../../lib/domain/task/complete-task.ts";
import { startTask } from "../../../lib/domain/task/run-task.ts";
import { aDelivery, aMoment, expectSound, sdlc, waitTimes } from "../../support/builders.ts";
import { isOfType } from "../../support/events.ts";
import { replay } from "../../support/replay.ts";

type Run = { oversight_level: OversightLevel; failing?: number; answer?: HitlAction };

/** The whole workflow as a fold: every pending task is done at once, every request answered. */
const run = ({ oversight_level, failing = 0, answer = "approve" }: Run) => {
  const log: Event[] = [];
  const keep = (decided: Change): Change => {
    const prepared = prepareWrite(expectSound(decided), aMoment(), waitTimes);
    log.push(...prepared.events);
    return afterWrite(prepared);
  };
  const input = { name: "Cookbook", description: null, oversight_level };
  const kept = { workflow: sdlc, digest: "d" };
  let state = keep(createProject({ tenant: "local", input, kept }, aMoment()));
  for (let commits = 0; state.project.status === "active" && commits < 200; commits += 1) {
    state = keep(next(state, failing, answer));
  }
  return { log, state };
};

const next = (change: Change, failing: number, action: HitlAction): Change => {
  const task = Object.values(change.tasks).find(({ status }) => /pending|working/.test(status));
  if (task?.status === "pending") return startTask(task, 60_000, aMoment())(change);
  if (task) {
    const tests_passed = change.project.failed_test_runs >= failing;
    return completeTask(task, aDelivery({ tests_passed }), aMoment())(change);
  }
  const request = Object.values(change.requests).find(({ status }) => status === "pending");
  const asked = request && change.tasks[request.task_id];
  if (!request || !asked) throw new Error("The workflow stands still.");
  const content = action === "amend" ? { value: "More", sha256: "c".repeat(64), bytes: 6 } : null;
  return respond(request, asked, { action, content, comment: null }, aMoment())(change);
};

const namesOf = (log: readonly Event[], type: string, member = "event") =>
  log.flatMap(({ event_type, data }) =>
    event_type === type ? [String((data as Record<string, unknown>)[member])] : [],
  );
const kindsOf = ({ requests }: Change) => Object.values(requests).map(({ kind }) => kind);

const fix = ["Bug Fix", "Code Testing"];
const fixes = (rounds: number) => Array.from({ length: rounds }, () => fix).flat();
const tasksWith = (rounds: number) => [
  "Project Planning",
  "Requirements Analysis",
  "Architectural Design",
  "Implementation Planning",
  "Code Generation",
  "Code Refinement",
  "Code Testing",
  ...fixes(rounds),
  "Deployment",
  "Final Check",
];
const phases = ["discovery", "plan", "design", "build", "validate", "launch"];

/** After three rounds the human is asked; each approval grants three more. */
const rows = (["high", "medium", "low"] as const).flatMap((oversight_level) =>
  [
    { failing: 0, asked: 0 },
    { failing: 2, asked: 0 },
    { failing: 3, asked: 0 },
    { failing: 4, asked: 1 },
    { failing: 9, asked: 2 },
  ].map((row) => ({
    ...row,
    oversight_level,
    gates: { high: 6, medium: 3, low: 0 }[oversight_level],
  })),
);

test.each(rows)("$oversight_level, tests failing $failing times: completed", (row) => {
  const { oversight_level, failing, asked, gates } = row;
  const { log, state } = run({ oversight_level, failing });
  expect(state.project).toMatchObject({
    status: "completed",
    current_phase: "launch",
    follow_up: null,
  });
  expect(namesOf(log, "task_created", "name")).toEqual(tasksWith(failing));
  expect(state.project.counts).toMatchObject({ open: 0, completed: 9 + 2 * failing });
  expect(kindsOf(state).filter((kind) => kind === "gate")).toHaveLength(gates);
  expect(kindsOf(state).filter((kind) => kind === "tests")).toHaveLength(asked);
});

test.each(rows)("$oversight_level, tests failing $failing times: the log", (row) => {
  const { log, state } = run(row);
  const moments = phases.flatMap((phase) => [`phase_started ${phase}`, `phase_completed ${phase}`]);
  const said = log
    .filter(isOfType("workflow_event"))
    .map(({ data }) => `${data.event} ${data.phase}`);
  expect(said).toEqual([...moments, "project_completed launch"]);
  expect(namesOf(log, "handoff_created")).toHaveLength(8 + 2 * row.failing);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(state.project.head).toBe(log.length);
});

test.each(rows)("$oversight_level, tests failing $failing times: the log replays", (row) => {
  const { log, state } = run(row);
  expect(replay(log)).toEqual(replay.expected(state));
});

test("every handoff is completed by the task that received it", () => {
  const { state } = run({ oversight_level: "high", failing: 1 });
  const handed = Object.values(state.tasks).slice(1);
  for (const { handoff, agent_type } of handed) {
    expect(handoff).toMatchObject({ status: "completed", to_agent: agent_type });
  }
});

test("source code is one artifact, with a version for each that worked on it", () => {
  const { state } = run({ oversight_level: "low", failing: 2 });
  expect(state.artifacts[state.project.outputs.source_code ?? ""]?.version).toBe(4);
  expect(state.artifacts[state.project.outputs.test_results ?? ""]?.version).toBe(3);
});

test("at the end all agents are idle", () => {
  const { state } = run({ oversight_level: "high", failing: 9 });
  for (const type of ["analyst", "architect", "coder", "tester", "deployer"] as const) {
    expect(statusOf("p", type, state.project.agents[type]).status).toBe("idle");
  }
});

test("a rejection halts, and nothing more starts", () => {
  const { state, log } = run({ oversight_level: "medium", answer: "reject" });
  expect(state.project).toMatchObject({ status: "halted", current_phase: "discovery" });
  expect(state.project.counts).toMatchObject({ tasks: 1, open: 0 });
  expect(namesOf(log, "workflow_event")).toEqual(["phase_started", "project_halted"]);
});

test("an amended gate asks again, with the next version of the same artifact", () => {
  const { state } = run({ oversight_level: "medium", answer: "amend" });
  const [artifact] = Object.values(state.artifacts);
  expect(state.project.counts).toMatchObject({ tasks: 1 });
  expect(artifact?.version).toBeGreaterThan(10);
  for (const [index, { context_ids }] of Object.values(state.requests).entries()) {
    expect(context_ids).toMatchObject([{ context_id: artifact?.context_id, version: index + 1 }]);
  }
});

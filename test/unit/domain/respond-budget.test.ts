import { expect, test } from "vitest";
import type { LimitQuestion, LimitRef } from "../../../lib/domain/budget/limit.ts";
import type { Json } from "../../../lib/domain/json.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import { resumeProject, resumeWork } from "../../../lib/domain/project/steer-project.ts";
import type { HitlAction } from "../../../lib/domain/request/request.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import { aChange, aMoment, anId, aRequest, aTask, decided, now } from "../../support/builders.ts";

const limit: LimitRef = { scope: "task", owner: anId(10), amount: 5_000_000 };
const transcript = "e".repeat(64);

type Given = { about?: LimitQuestion; project?: Partial<ProjectRecord> };

/** An answer to a question about a budget, of a task that stopped in the middle of its work. */
const answer = (
  action: HitlAction,
  content: Json = null,
  { about = { kind: "nearly", ...limit }, project = {} }: Given = {},
) => {
  const task = aTask({
    status: "waiting_for_hitl",
    attempt: 1,
    pending_request: anId(20),
    transcript,
  });
  const request = aRequest({ kind: "budget", about });
  const agents = { coder: { waiting: [anId(10)], at: now } };
  const change = aChange({ project: { agents, ...project }, tasks: [task], requests: [request] });
  const written = action === "amend" ? { value: content, sha256: "c".repeat(64), bytes: 4 } : null;
  return decided(
    change,
    respond(request, task, { action, comment: null, content: written }, aMoment()),
  );
};

const choiceIn = ({ events }: ReturnType<typeof answer>) =>
  events.find(({ event_type }) => event_type === "hitl_response")?.data;

test("who approves a limit that is nearly used up agrees to that limit, and the work goes on", () => {
  const after = answer("approve");
  expect(after.project).toMatchObject({ agreed_limits: [limit], raised_limits: {} });
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", transcript, answers: [] });
  expect(choiceIn(after)).toMatchObject({ action: "approve", choice: null, content_id: null });
});

test("who approves a limit that is used up lets it be tried again, and agrees to nothing", () => {
  const after = answer("approve", null, { about: { kind: "used_up", ...limit } });
  expect(after.project.agreed_limits).toEqual([]);
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", transcript });
});

test("of the agreed limits the newest are kept", () => {
  const agreed_limits = Array.from(
    { length: 50 },
    (_, index): LimitRef => ({ scope: "task", owner: anId(index), amount: 1 }),
  );
  const after = answer("approve", null, { project: { agreed_limits } });
  expect(after.project.agreed_limits).toEqual([...agreed_limits.slice(1), limit]);
});

test.each<{ content: Json; raised: number }>([
  { content: "10", raised: 10_000_000 },
  { content: 10, raised: 10_000_000 },
  { content: "$ 7.50", raised: 7_500_000 },
  { content: " $7.5 ", raised: 7_500_000 },
  { content: "0", raised: 0 },
  { content: "1000000", raised: 1_000_000_000_000 },
])("an amendment of $content sets the limit", ({ content, raised }) => {
  const after = answer("amend", content);
  expect(after.project).toMatchObject({
    raised_limits: { [`task:${anId(10)}`]: raised },
    agreed_limits: [],
  });
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", transcript, answers: [] });
  expect(after.artifacts).toEqual({});
  expect(choiceIn(after)).toMatchObject({ choice: String(content), content_id: null });
});

test("a project's limit is raised beside the others", () => {
  const project = { raised_limits: { "task:x": 1 } };
  const about = { kind: "used_up", scope: "project", owner: "all", amount: 25_000_000 } as const;
  const after = answer("amend", "30", { about, project });
  expect(after.project.raised_limits).toEqual({ "task:x": 1, "project:all": 30_000_000 });
});

const refused = {
  code: "invalid-request",
  extensions: { errors: [expect.objectContaining({ pointer: "#/body/content" })] },
};

test.each<{ content: Json }>([
  { content: "-1" },
  { content: -1 },
  { content: "$-5" },
  { content: "ten" },
  { content: "10 dollars" },
  { content: "7,50" },
  { content: "1000000.01" },
  { content: "1e3" },
  { content: "0x10" },
  { content: "Infinity" },
  { content: "" },
  { content: "  " },
  { content: "$" },
  { content: { amount: 10 } },
  { content: null },
  { content: true },
])("$content is no amount", ({ content }) => {
  expect(() => answer("amend", content)).toThrow(expect.objectContaining(refused));
});

test.each<LimitQuestion>([
  { kind: "nearly", scope: "tenant", owner: "all", amount: 1_000_000_000 },
  { kind: "used_up", scope: "day", owner: "2030-01-01", amount: 100_000_000 },
])("the operator's limit is not a person's to raise: $scope", ({ kind, ...operators }) => {
  const about = { kind, ...operators };
  expect(() => answer("amend", "10", { about })).toThrow(expect.objectContaining(refused));
  const approved = answer("approve", null, { about });
  expect(approved.project.agreed_limits).toEqual(kind === "nearly" ? [operators] : []);
});

test("a rejection halts, and a resume starts the task from the beginning", () => {
  const rejected = answer("reject");
  expect(rejected.project).toMatchObject({ status: "halted", rejected: [anId(10)] });
  expect(rejected.tasks[anId(10)]).toMatchObject({ status: "failed", error: { code: "rejected" } });
  const resumed = decided(
    rejected,
    resumeProject(aMoment()),
    resumeWork([anId(10)], [], aMoment()),
  );
  expect(resumed.project).toMatchObject({ status: "active", rejected: [] });
  expect(resumed.tasks[anId(10)]).toMatchObject({ status: "pending", transcript: null });
});

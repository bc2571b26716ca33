import { expect, test } from "vitest";
import { emptyLedger, noSpend } from "../../../lib/domain/budget/ledger.ts";
import type { LimitQuestion, LimitRef } from "../../../lib/domain/budget/limit.ts";
import { money } from "../../../lib/domain/budget/money.ts";
import type { Change } from "../../../lib/domain/change.ts";
import type { Json } from "../../../lib/domain/json.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import { resumeProject, resumeWork } from "../../../lib/domain/project/steer-project.ts";
import type { HitlAction } from "../../../lib/domain/request/request.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import { aChange, aMoment, anId, aRequest, aTask, decided, now } from "../../support/builders.ts";

const limit: LimitRef = { scope: "task", owner: anId(10), amount: 5_000_000 };
const transcript = "e".repeat(64);

type Given = {
  about?: LimitQuestion;
  project?: Partial<ProjectRecord>;
  ledgers?: Change["ledgers"];
};

/** An answer to a question about a budget, of a task that stopped in the middle of its work. */
const answer = (
  action: HitlAction,
  content: Json = null,
  { about = { kind: "nearly", ...limit }, project = {}, ledgers = {} }: Given = {},
) => {
  const task = aTask({
    status: "waiting_for_hitl",
    attempt: 1,
    pending_request: anId(20),
    transcript,
  });
  const request = aRequest({ kind: "budget", about });
  const agents = { coder: { waiting: [anId(10)], at: now } };
  const given = aChange({ project: { agents, ...project }, tasks: [task], requests: [request] });
  const change = { ...given, ledgers };
  const written = action === "amend" ? { value: content, sha256: "c".repeat(64), bytes: 4 } : null;
  return decided(
    change,
    respond(request, task, { action, comment: null, content: written }, aMoment()),
  );
};

const refused = {
  code: "invalid-request",
  extensions: { errors: [expect.objectContaining({ pointer: "#/body/content" })] },
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
  { content: "1 USD", raised: 1_000_000 },
  { content: "$0,50", raised: 500_000 },
  { content: { limit_usd: 2 }, raised: 2_000_000 },
  { content: "1000000", raised: 1_000_000_000_000 },
])("an amendment of $content sets the limit", ({ content, raised }) => {
  const after = answer("amend", content);
  expect(after.project).toMatchObject({
    raised_limits: { [`task:${anId(10)}`]: raised },
    agreed_limits: [],
  });
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", transcript, answers: [] });
  expect(after.artifacts).toEqual({});
  expect(choiceIn(after)).toMatchObject({ choice: money(raised), content_id: null });
});

/** An amendment of a limit of $5.00, of which $1.20 are spent. */
const amendSpent = (content: Json, needed?: number) => {
  const id = `task:${anId(10)}`;
  const ledger = { ...emptyLedger(id), spend: { ...noSpend, cost: 1_200_000 } };
  return answer("amend", content, {
    about: { kind: "used_up", ...limit, ...(needed !== undefined && { needed }) },
    ledgers: { [id]: ledger },
  });
};

test.each<{ content: Json; needed?: number; says: string }>([
  { content: "1", says: "$1.20 are spent. Write $1.21 or more" },
  { content: "1.20", says: "$1.20 are spent. Write $1.21 or more" },
  { content: "1.22", needed: 25_000, says: "the next call needs $0.0250. Write $1.23 or more" },
])(
  "an amendment of $content is below what is spent, or too little for the next call",
  ({ content, needed, says }) => {
    expect(() => amendSpent(content, needed)).toThrow(
      expect.objectContaining({ ...refused, message: expect.stringContaining(says) }),
    );
  },
);

test("who sets a limit of which 90 % are used is not asked about it again", () => {
  expect(amendSpent("1.23", 25_000).project).toMatchObject({
    raised_limits: { [`task:${anId(10)}`]: 1_230_000 },
    agreed_limits: [{ ...limit, amount: 1_230_000 }],
  });
  expect(amendSpent("2", 25_000).project.agreed_limits).toEqual([]);
});

test("a project's limit is raised beside the others", () => {
  const project = { raised_limits: { "task:x": 1 } };
  const about = { kind: "used_up", scope: "project", owner: "all", amount: 25_000_000 } as const;
  const after = answer("amend", "30", { about, project });
  expect(after.project.raised_limits).toEqual({ "task:x": 1, "project:all": 30_000_000 });
});

test.each<{ content: Json }>([
  { content: "-1" },
  { content: -1 },
  { content: "$-5" },
  { content: "ten" },
  { content: "0" },
  { content: 0 },
  { content: "10 euros" },
  { content: "1,000" },
  { content: "1000000.01" },
  { content: "1e3" },
  { content: "0x10" },
  { content: "Infinity" },
  { content: "" },
  { content: "  " },
  { content: "$" },
  { content: { money: 10 } },
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

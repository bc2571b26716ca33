import { expect, test } from "vitest";
import { apply } from "../../../lib/domain/change.ts";
import { closeProject } from "../../../lib/domain/project/close-project.ts";
import type { ProjectStatus } from "../../../lib/domain/project/project.ts";
import { resumeProject, resumeWork } from "../../../lib/domain/project/steer-project.ts";
import { expireRequest } from "../../../lib/domain/request/expire-request.ts";
import type { RequestKind } from "../../../lib/domain/request/request.ts";
import { runAgain } from "../../../lib/domain/task/run-again.ts";
import type { TaskStatus } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aMoment,
  anId,
  aRequest,
  aTask,
  decided,
  nowPlus,
} from "../../support/builders.ts";

const late = aMoment({ now: nowPlus(3_600) });

type Given = { kind?: RequestKind; status?: TaskStatus; project?: ProjectStatus };

const given = ({ kind = "question", status = "waiting_for_hitl", project = "active" }: Given) =>
  aChange({
    project: { status: project },
    tasks: [aTask({ status, pending_request: anId(20) })],
    requests: [aRequest({ kind })],
  });

const expire = (options: Given = {}) =>
  decided(given(options), expireRequest(aRequest(options.kind && { kind: options.kind }), late));

test.each(["active", "paused"] as const)(
  "an unanswered request halts a project that is %s",
  (project) => {
    const after = expire({ project });
    expect(after.requests[anId(20)]).toMatchObject({
      status: "expired",
      responded_by: null,
      history: [{ action: "created" }, { action: "expire", user_id: null }],
    });
    expect(after.project).toMatchObject({ status: "halted", unanswered: [anId(20)] });
    expect(after.tasks[anId(10)]).toMatchObject({
      status: "waiting_for_hitl",
      pending_request: null,
    });
    expect(after.events.map(({ event_type, data }) => [event_type, data])).toMatchObject([
      ["hitl_expired", { request_id: anId(20), status: "expired" }],
      ["workflow_event", { event: "project_halted" }],
    ]);
  },
);

test("a halted project is not halted twice", () => {
  const after = expire({ project: "halted" });
  expect(after.events.map(({ event_type }) => event_type)).toEqual(["hitl_expired"]);
});

test("in a closed project it only expires", () => {
  const after = expire({ project: "cancelled" });
  expect(after.project).toMatchObject({ status: "cancelled", unanswered: [] });
  expect(after.requests[anId(20)]?.status).toBe("expired");
});

test.each([
  { name: "whose time is not over", request: aRequest(), moment: aMoment({ now: nowPlus(3_599) }) },
  { name: "that is decided", request: aRequest({ status: "approved" }), moment: late },
])("a request $name does not expire", ({ request, moment }) => {
  const before = given({});
  expect(expireRequest(request, moment)(before)).toBe(before);
});

test.each([
  { kind: "question", status: "waiting_for_hitl" },
  { kind: "gate", status: "completed" },
  { kind: "failure", status: "failed" },
] as const)("a resume asks an unanswered $kind again", ({ kind, status }) => {
  const after = decided(
    expire({ kind, status }),
    resumeProject(late),
    resumeWork([], [anId(20)], late),
  );
  const [again, ...others] = Object.values(after.requests).filter(
    ({ status: is }) => is === "pending",
  );
  expect(others).toEqual([]);
  expect(again).toMatchObject({ kind, question: "Which database?", expires_at: nowPlus(90_000) });
  expect(after.tasks[anId(10)]).toMatchObject({ status, pending_request: again?.request_id });
  expect(after.project).toMatchObject({ status: "active", unanswered: [] });
  expect(after.project.agents.coder?.waiting).toEqual(kind === "failure" ? undefined : [anId(10)]);
});

test("a resume asks nothing about a task that was cancelled meanwhile", () => {
  const expired = expire();
  const gone = { ...expired, tasks: { [anId(10)]: aTask({ status: "cancelled" }) } };
  const after = apply(gone, resumeProject(late), resumeWork([], [anId(20)], late));
  expect(Object.keys(after.requests)).toEqual([anId(20)]);
  expect(after.project.unanswered).toEqual([]);
});

test("nothing is taken up in a project that was closed meanwhile", () => {
  const closed = apply(expire(), closeProject("cancel", null, late));
  expect(resumeWork([anId(10)], [anId(20)], late)(closed)).toBe(closed);
});

// The answer could only be refused: a task that runs again takes no "retry".
test("a resume asks nothing about a failure that was retried meanwhile", () => {
  const expired = expire({ kind: "failure", status: "failed" });
  const failed = expired.tasks[anId(10)] ?? aTask();
  const after = decided(
    expired,
    runAgain(failed, { move: "retry", reason: "retried" }, late),
    resumeProject(late),
    resumeWork([], [anId(20)], late),
  );
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", pending_request: null });
  expect(after.project.counts.pending_requests).toBe(0);
});

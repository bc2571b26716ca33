import { expect, test } from "vitest";
import { addMs } from "../../../lib/domain/common.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import type { RequestRecord } from "../../../lib/domain/request/request.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import {
  aChange,
  aMoment,
  anId,
  aRequest,
  aTask,
  decided,
  nowPlus,
} from "../../support/builders.ts";

type Given = {
  request?: Partial<RequestRecord>;
  project?: Partial<ProjectRecord>;
  now?: string;
};

const answer = ({ request: fields, project, now = nowPlus(0) }: Given) => {
  const task = aTask({ status: "waiting_for_hitl", pending_request: anId(20) });
  const request = aRequest(fields);
  const change = aChange({ ...(project && { project }), tasks: [task], requests: [request] });
  const response = { action: "approve", comment: null, content: null } as const;
  return decided(change, respond(request, task, response, aMoment({ now })));
};

test.each([
  { given: { request: { status: "approved" } }, current: "approved" },
  { given: { request: { status: "rejected" } }, current: "rejected" },
  { given: { request: { status: "amended" } }, current: "amended" },
  { given: { request: { status: "expired" } }, current: "expired" },
  { given: { request: { status: "cancelled" } }, current: "cancelled" },
  { given: { now: nowPlus(3_600) }, current: "expired" },
  { given: { project: { status: "completed" } }, current: "cancelled" },
  { given: { project: { status: "failed" } }, current: "cancelled" },
  { given: { project: { status: "cancelled" } }, current: "cancelled" },
] as const)("%# takes no answer: it is $current", ({ given, current }) => {
  expect(() => answer(given)).toThrow(
    expect.objectContaining({ code: "already-decided", extensions: { current } }),
  );
});

test("an answer in the last millisecond is taken", () => {
  const after = answer({ now: addMs(nowPlus(3_600), -1) });
  expect(after.requests[anId(20)]?.status).toBe("approved");
});

import { expect, test } from "vitest";
import type { Call } from "../../../lib/contracts/call.ts";
import { Problem, toProblem } from "../../../lib/domain/problem.ts";
import { shownRequest } from "../../../lib/domain/request/respond.ts";
import { runBatch } from "../../../lib/services/commit/run-command.ts";
import { bulkApprove } from "../../../lib/services/requests/bulk-approve.ts";
import { type RespondInput, respond } from "../../../lib/services/requests/respond.ts";
import { aChange, anId, anOutput, aRequest, aStepTask, atStep } from "../../support/builders.ts";
import { perform } from "../../support/perform.ts";
import { aProblem } from "../../support/problem.ts";
import { aStoredProject } from "./stored-project.ts";

const task = aStepTask("project_planning", {
  status: "completed",
  output: anOutput(),
  pending_request: anId(20),
});
const gate = aRequest({ kind: "gate" });

const call: Call = {
  tenant: "local",
  user_id: "ann",
  roles: ["operator"],
  correlation_id: "call-1",
};

/** A project at a gate, and everything an answer needs. */
const atGate = () => {
  const stored = aStoredProject(
    aChange({ project: atStep(task), tasks: [task], requests: [gate] }),
  );
  const kept: unknown[] = [];
  const calls: string[] = [];
  const deps = {
    ...stored,
    digest: (content: unknown) => ({
      sha256: "d".repeat(64),
      bytes: JSON.stringify(content).length,
    }),
    keepContent: async (_key: unknown, { content }: { content: unknown }) =>
      void kept.push(content),
    findRequest: async (_tenant: string, id: string) => {
      if (id !== anId(20)) throw new Problem("not-found", `There is no request ${id}.`);
      return { tenant: "local", project_id: anId(1), task_id: task.task_id };
    },
    claimKey: async ({ key }: { key: string }) => {
      calls.push(`claim ${key}`);
      return null;
    },
    releaseKey: async ({ key }: { key: string }) => void calls.push(`release ${key}`),
    problemOf: toProblem,
    isTransient: () => false,
    storeResponse: async ({ key }: { key: string }) => void calls.push(`keep ${key}`),
  };
  const answer = (fields: Partial<RespondInput>) =>
    perform(
      deps,
      respond(deps, call, { request_id: anId(20), action: "approve", ...fields }),
      call,
    );
  return { deps, stored, kept, calls, answer };
};

test.each([
  { action: "approve", content: undefined, status: "approved", resumed: true },
  { action: "amend", content: { more: "detail" }, status: "amended", resumed: true },
  { action: "reject", content: undefined, status: "rejected", resumed: false },
] as const)("$action: the request is $status, the workflow goes on: $resumed", async (row) => {
  const { answer, kept } = atGate();
  const { action, content, status, resumed } = row;
  const body = await answer({ action, content, comment: "Fine" });
  expect(body).toMatchObject({
    request_id: anId(20),
    action,
    status,
    workflow_resumed: resumed,
    message: expect.stringMatching(/\w/),
    request: { status, responded_by: "ann", response_comment: "Fine" },
  });
  expect(kept).toEqual(content ? [content] : []);
});

test("the content of an amendment is kept once, and shown in the history", async () => {
  const { answer } = atGate();
  const { request } = await answer({ action: "amend", content: "More detail" });
  expect(shownRequest(request).history.map(({ content }) => content)).toEqual([
    null,
    "More detail",
  ]);
  expect(request.amended_content).toBe("More detail");
});

test("content beside an approval is not kept", async () => {
  const { answer, kept } = atGate();
  const { request } = await answer({ action: "approve", content: "By the way" });
  expect([kept, request.amended_content]).toEqual([[], null]);
});

test("of two responses the second is refused", async () => {
  const { answer, stored } = atGate();
  await answer({});
  await expect(answer({ action: "reject" })).rejects.toMatchObject({ code: "already-decided" });
  expect(stored.commits()).toBe(1);
});

test("content that is too large is refused before anything is written", async () => {
  const { answer, stored, kept } = atGate();
  const content = "x".repeat(256 * 1_024);
  await expect(answer({ action: "amend", content })).rejects.toMatchObject({ code: "too-large" });
  expect([stored.commits(), kept]).toEqual([0, []]);
});

test("many are approved each on its own", async () => {
  const { deps, stored } = atGate();
  const { result: body } = await bulkApprove(
    deps,
    { call, idempotencyKey: undefined },
    { request_ids: [anId(21), anId(20)] },
  );
  expect(body).toMatchObject({
    approved_count: 1,
    failed_count: 1,
    results: [
      { request_id: anId(21), success: false, status: null, error: { code: "not-found" } },
      { request_id: anId(20), success: true, status: "approved", error: null },
    ],
  });
  expect(stored.commits()).toBe(1);
});

test("a request that is named twice is approved once", async () => {
  const { deps } = atGate();
  const { result: body } = await bulkApprove(
    deps,
    { call, idempotencyKey: undefined },
    { request_ids: [anId(20), anId(20)] },
  );
  expect(body).toMatchObject({ approved_count: 1, failed_count: 0 });
});

test("each approval has an idempotency key of its own, the whole call one more", async () => {
  const { deps, calls } = atGate();
  const idempotencyKey = { tenant: "local", user: "ann", key: "k", payloadHash: "f", owner: "o" };
  const sender = { call, idempotencyKey };
  const request_ids = [anId(20), anId(21)];
  await runBatch(deps, {
    idempotencyKey,
    run: () => bulkApprove(deps, sender, { request_ids }),
    shape: (result) => result,
  });
  expect(calls).toEqual([
    "claim k",
    `claim k#${anId(20)}`,
    `claim k#${anId(21)}`,
    `release k#${anId(21)}`,
    "keep k",
  ]);
});

test.each(["dependency-down", "idempotency-in-progress", "in-doubt"] as const)(
  "an answer in which something failed for now (%s) is not kept: the same call goes on with the rest",
  async (code) => {
    const { deps, calls } = atGate();
    const idempotencyKey = { tenant: "local", user: "ann", key: "k", payloadHash: "f", owner: "o" };
    const findRequest = async () => {
      throw aProblem(code);
    };
    const sender = { call, idempotencyKey };
    const { body } = await runBatch(deps, {
      idempotencyKey,
      run: () => bulkApprove({ ...deps, findRequest }, sender, { request_ids: [anId(20)] }),
      shape: (result) => result,
    });
    expect(body).toMatchObject({ failed_count: 1, results: [{ error: { code } }] });
    expect(calls.at(-1)).toBe("release k");
    expect(calls).not.toContain("keep k");
  },
);

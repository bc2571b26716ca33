import { expect, test } from "vitest";
import { Problem, type ProblemCode, problems } from "../../../lib/domain/problem.ts";
import { answerProblem, problemOf } from "../../../lib/http/problem-json.ts";
import { aProblem } from "../../support/problem.ts";

const thrownBy = (statusCode: number) => Object.assign(new Error("inner"), { statusCode });
const throttled = Object.assign(new Error("inner"), { name: "ThrottlingException" });
const isTransient = (error: unknown) => error === throttled;

test.each([
  { name: "broken JSON", thrown: thrownBy(400), code: "malformed-json", status: 400 },
  { name: "a parser's 422", thrown: thrownBy(422), code: "malformed-json", status: 400 },
  {
    name: "another media type",
    thrown: thrownBy(415),
    code: "unsupported-media-type",
    status: 415,
  },
  { name: "a call that may pass", thrown: throttled, code: "dependency-down", status: 503 },
  { name: "a problem", thrown: new Problem("conflict", "No."), code: "conflict", status: 409 },
  { name: "a bug", thrown: new Error("inner"), code: "internal", status: 500 },
  { name: "a parser's own 500", thrown: thrownBy(500), code: "internal", status: 500 },
  { name: "no error at all", thrown: "inner", code: "internal", status: 500 },
  { name: "nothing", thrown: undefined, code: "internal", status: 500 },
])("$name is answered $status", ({ thrown, code, status }) => {
  const problem = problemOf(thrown, isTransient);
  expect(problem.code).toBe(code);
  const { statusCode, body = "" } = answerProblem(problem, "req-1");
  expect(statusCode).toBe(status);
  expect(JSON.parse(body)).toMatchObject({ type: `/problems/${code}`, status });
  expect(body).not.toContain("inner");
});

test("a bug keeps its cause for the log", () => {
  const bug = new Error("inner");
  expect(problemOf(bug, isTransient).cause).toBe(bug);
});

test.each(Object.entries(problems))("%s is written as RFC 9457 says", (code, { status, title }) => {
  const problem = aProblem(code as ProblemCode, "Because.");
  const { statusCode, headers, body } = answerProblem(problem, "req-1");
  expect(statusCode).toBe(status);
  expect(headers).toMatchObject({
    "content-type": "application/problem+json",
    "x-request-id": "req-1",
  });
  expect(JSON.parse(body ?? "")).toEqual({
    ...problem.extensions,
    type: `/problems/${code}`,
    title,
    status,
    detail: "Because.",
    instance: "/requests/req-1",
    request_id: "req-1",
  });
});

test.each([
  { problem: aProblem("busy"), after: "1" },
  { problem: aProblem("dependency-down"), after: "1" },
  { problem: aProblem("too-many-requests"), after: "1" },
  {
    problem: new Problem("idempotency-in-progress", "No.", { extensions: { retry_after: 7 } }),
    after: "7",
  },
  { problem: aProblem("conflict"), after: undefined },
  { problem: aProblem("internal"), after: undefined },
])("after $problem.code one may come back in $after s", ({ problem, after }) => {
  const { headers } = answerProblem(problem, "req-1");
  expect(headers?.["retry-after"]).toBe(after);
});

test("extensions are shown, but cannot pose as the problem's own members", () => {
  const extensions = { current: "paused", status: 200, type: "/other" };
  const { body } = answerProblem(new Problem("conflict", "No.", { extensions }), "req-1");
  expect(JSON.parse(body ?? "")).toMatchObject({
    current: "paused",
    status: 409,
    type: "/problems/conflict",
  });
});

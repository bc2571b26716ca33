import { expect, test } from "vitest";
import type { StoredResponse } from "../../../lib/contracts/idempotency.ts";
import type { ProblemCode } from "../../../lib/domain/problem.ts";
import { runIdempotent } from "../../../lib/services/commit/run-idempotent.ts";
import { aProblem } from "../../support/problem.ts";

const idempotencyKey = { tenant: "local", user: "ann", key: "k", payloadHash: "f", owner: "o" };

const throttled = new Error("Throttled");

const keys = (earlier: StoredResponse | null = null) => {
  const calls: string[] = [];
  const deps = {
    claimKey: async () => {
      calls.push("claim");
      return earlier;
    },
    releaseKey: async () => void calls.push("release"),
    storeResponse: async () => void calls.push("keep"),
    isTransient: (error: unknown) => error === throttled,
  };
  const run = async () => {
    calls.push("run");
    return "fresh";
  };
  return { deps, run, calls };
};

const failing = (error: unknown) => async () => {
  throw error;
};

test("without a key it just runs", async () => {
  const { deps, run, calls } = keys();
  expect(await runIdempotent(deps, undefined, run)).toEqual({ body: "fresh", replayed: false });
  expect(calls).toEqual(["run"]);
});

test("with a fresh key it runs, and the key stays", async () => {
  const { deps, run, calls } = keys();
  expect(await runIdempotent(deps, idempotencyKey, run)).toEqual({
    body: "fresh",
    replayed: false,
  });
  expect(calls).toEqual(["claim", "run"]);
});

test("the same request gets the stored response", async () => {
  const { deps, run, calls } = keys({ state: "done", payloadHash: "f", body: "first" });
  expect(await runIdempotent(deps, idempotencyKey, run)).toEqual({ body: "first", replayed: true });
  expect(calls).toEqual(["claim"]);
});

test.each([
  {
    name: "another request, done",
    earlier: { state: "done", payloadHash: "g", body: 1 },
    code: "idempotency-mismatch",
  },
  {
    name: "another request, running",
    earlier: { state: "running", payloadHash: "g", retry_after_seconds: 5 },
    code: "idempotency-mismatch",
  },
  {
    name: "the same request, running",
    earlier: { state: "running", payloadHash: "f", retry_after_seconds: 5 },
    code: "idempotency-in-progress",
  },
] as const)("a key that holds $name is refused: $code", async ({ earlier, code }) => {
  const { deps, run, calls } = keys(earlier);
  await expect(runIdempotent(deps, idempotencyKey, run)).rejects.toMatchObject({ code });
  expect(calls).toEqual(["claim"]);
});

test("a running request says when to come back", async () => {
  const { deps, run } = keys({ state: "running", payloadHash: "f", retry_after_seconds: 5 });
  await expect(runIdempotent(deps, idempotencyKey, run)).rejects.toMatchObject({
    extensions: { retry_after: 5 },
  });
});

test.each([
  { code: "invalid-request", released: true },
  { code: "conflict", released: true },
  { code: "not-found", released: true },
  { code: "busy", released: true },
  { code: "dependency-down", released: true },
  { code: "in-doubt", released: false },
  { code: "internal", released: false },
] as { code: ProblemCode; released: boolean }[])(
  "after $code the key is given back: $released",
  async ({ code, released }) => {
    const { deps, calls } = keys();
    const run = failing(aProblem(code));
    await expect(runIdempotent(deps, idempotencyKey, run)).rejects.toMatchObject({ code });
    expect(calls.includes("release")).toBe(released);
  },
);

test("after a transient error of the table the key is released: nothing was written", async () => {
  const { deps, calls } = keys();
  await expect(runIdempotent(deps, idempotencyKey, failing(throttled))).rejects.toBe(throttled);
  expect(calls).toEqual(["claim", "release"]);
});

test("after an unknown error the key stays: nobody knows what was done", async () => {
  const { deps, calls } = keys();
  await expect(
    runIdempotent(deps, idempotencyKey, failing(new Error("socket hang up"))),
  ).rejects.toThrow();
  expect(calls).toEqual(["claim"]);
});

test("the caller gets the refusal, even when the key cannot be released", async () => {
  const { deps } = keys();
  const stuck = { ...deps, releaseKey: failing(new Error("down")) };
  await expect(
    runIdempotent(stuck, idempotencyKey, failing(aProblem("conflict"))),
  ).rejects.toMatchObject({
    code: "conflict",
  });
});

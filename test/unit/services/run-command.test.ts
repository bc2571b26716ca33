import { expect, test } from "vitest";
import type { Command } from "../../../lib/contracts/command.ts";
import { setProject } from "../../../lib/domain/change.ts";
import {
  type RunCommandDeps,
  runBatch,
  runCommand,
} from "../../../lib/services/commit/run-command.ts";
import { aChange } from "../../support/builders.ts";
import { aProblem } from "../../support/problem.ts";
import { aStoredProject } from "./stored-project.ts";

const call = { tenant: "local", user_id: "ann", roles: [], correlation_id: "call-1" };
const idempotencyKey = { tenant: "local", user: "ann", key: "k", payloadHash: "f", owner: "o" };

const open = () => {
  const stored = aStoredProject(aChange());
  const seen: string[] = [];
  const deps: RunCommandDeps = {
    claimKey: async () => {
      seen.push("claim");
      return null;
    },
    releaseKey: async () => void seen.push("release"),
    storeResponse: async (_receipt, body) => void seen.push(`keep ${JSON.stringify(body)}`),
    isTransient: () => false,
    commit: async (request) => {
      const { tenant, actor, correlation_id, idempotencyKey: under } = request;
      seen.push(`commit ${under?.key} ${tenant} ${actor.id} ${correlation_id}`);
      return stored.commit(request);
    },
  };
  const rename: Command<{ name: string; rev: number }> = {
    project_id: "p",
    decide: (change) => ({
      change: setProject({ name: "New" })(change),
      answer: ({ project }) => project,
    }),
  };
  const run = (fields: Partial<Parameters<typeof runCommand<{ name: string }, object>>[1]> = {}) =>
    runCommand(deps, {
      call,
      idempotencyKey,
      checkMatch: () => undefined,
      prepare: () => rename,
      shape: ({ name }) => ({ name }),
      ...fields,
    });
  return { deps, stored, seen, run };
};

test("a command is committed for its caller, under their key, and answered in shape", async () => {
  const { run, seen } = open();
  expect(await run()).toEqual({ body: { name: "New" }, replayed: false });
  expect(seen).toEqual(["claim", "commit k local ann call-1"]);
});

test("without a key it is committed all the same", async () => {
  const { run, seen } = open();
  await run({ idempotencyKey: undefined });
  expect(seen).toEqual(["commit undefined local ann call-1"]);
});

test("a stale If-Match changes nothing, and releases the key", async () => {
  const { run, seen, stored } = open();
  const checkMatch = () => {
    throw aProblem("precondition-failed");
  };
  await expect(run({ checkMatch })).rejects.toMatchObject({ code: "precondition-failed" });
  expect(stored.commits()).toBe(0);
  expect(seen.at(-1)).toBe("release");
});

test("a command that cannot be prepared is not committed", async () => {
  const { run, seen } = open();
  const prepare = async () => {
    throw aProblem("not-found");
  };
  await expect(run({ prepare })).rejects.toMatchObject({ code: "not-found" });
  expect(seen).toEqual(["claim", "release"]);
});

test.each([
  { isFinal: true, does: 'keep {"n":1}' },
  { isFinal: false, does: "release" },
])("a batch that is final ($isFinal): $does", async ({ isFinal, does }) => {
  const { deps, seen } = open();
  const run = async () => ({ result: { n: 1, rev: 2 }, isFinal });
  const answered = await runBatch(deps, { idempotencyKey, run, shape: ({ n }) => ({ n }) });
  expect(answered).toEqual({ body: { n: 1 }, replayed: false });
  expect(seen).toEqual(["claim", does]);
});

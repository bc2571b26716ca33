import { afterAll, expect, test } from "vitest";
import type { IdempotencyKey } from "../../lib/contracts/idempotency.ts";
import { Project } from "../../lib/domain/project/project.ts";
import { callerOf } from "../../lib/services/commit/caller.ts";
import { runCommand } from "../../lib/services/commit/run-command.ts";
import { runIdempotent } from "../../lib/services/commit/run-idempotent.ts";
import { createProject } from "../../lib/services/projects/create-project.ts";
import { listProjects } from "../../lib/services/projects/read-projects.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { movableClock } from "../support/clock.ts";

const clock = movableClock();
const backend = await startBackend({ clock });
const { deps } = backend;
afterAll(() => backend[Symbol.asyncDispose]());

const idempotencyKey = (key: string, payloadHash = "same"): IdempotencyKey => ({
  tenant: "local",
  user: "ann",
  key,
  payloadHash,
  owner: backend.platform.newId(),
});

const input = { description: null, oversight_level: "low", workflow: "none" } as const;

const create = (name: string, by: IdempotencyKey) =>
  runCommand(deps, {
    call: aCall(),
    idempotencyKey: by,
    checkMatch: () => undefined,
    prepare: () => createProject(deps, aCall(), { ...input, name }),
    shape: (project) => Project.parse(project),
  });

const named = async (name: string) => {
  const { items } = await listProjects(deps, aCall(), { after: null, limit: 100 });
  return items.filter((project) => project.name === name);
};

test("the same key gives the first answer again, and has one effect", async () => {
  const first = await create("once", idempotencyKey("a"));
  const again = await create("once", idempotencyKey("a"));
  expect(again).toEqual({ body: first.body, replayed: true });
  expect(await named("once")).toHaveLength(1);
});

test("the same key with another request is refused", async () => {
  await create("mine", idempotencyKey("b"));
  await expect(create("other", idempotencyKey("b", "other"))).rejects.toMatchObject({
    code: "idempotency-mismatch",
  });
});

test("ten at once have one effect: the others are told to wait, or get the same answer", async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, () => create("ten", idempotencyKey("c"))),
  );
  expect(await named("ten")).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected") {
      expect(answer.reason).toMatchObject({ code: "idempotency-in-progress" });
    }
  }
});

test("a request that died is taken over, and its late write comes to nothing", async () => {
  const dead = idempotencyKey("d");
  await deps.claimKey(dead);
  await expect(create("late", idempotencyKey("d"))).rejects.toMatchObject({
    code: "idempotency-in-progress",
  });
  clock.forward(31_000);
  await create("late", idempotencyKey("d"));
  const command = await createProject(deps, aCall(), { ...input, name: "late" });
  const late = deps.commit({ ...command, ...callerOf(aCall()), idempotencyKey: dead });
  await expect(late).rejects.toMatchObject({ code: "idempotency-in-progress" });
  expect(await named("late")).toHaveLength(1);
});

test("a key may be used again after a day", async () => {
  await create("day", idempotencyKey("e"));
  clock.forward(24 * 3_600_000 + 1_000);
  expect(await create("day", idempotencyKey("e"))).toMatchObject({ replayed: false });
});

test("a refused request gives its key back", async () => {
  const by = idempotencyKey("f");
  const failing = runIdempotent(deps, by, () =>
    deps.findRequest("local", backend.platform.newId()),
  );
  await expect(failing).rejects.toMatchObject({ code: "not-found" });
  expect(await create("after", idempotencyKey("f", "another"))).toMatchObject({ replayed: false });
});

test("a claim whose answer was lost is not refused by its own lock", async () => {
  const by = idempotencyKey("g");
  expect(await deps.claimKey(by)).toBeNull();
  expect(await deps.claimKey(by)).toBeNull();
});

test("a key that nobody holds any more is free for another request, too", async () => {
  await deps.claimKey(idempotencyKey("h"));
  clock.forward(31_000);
  expect(await create("corrected", idempotencyKey("h", "other"))).toMatchObject({
    replayed: false,
  });
});

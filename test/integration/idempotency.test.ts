import { afterAll, expect, test } from "vitest";
import type { Receipt } from "../../lib/contracts/idempotency.ts";
import { Project } from "../../lib/domain/project/project.ts";
import { callerOf } from "../../lib/services/commit/caller.ts";
import { runCommand } from "../../lib/services/commit/run-command.ts";
import { once } from "../../lib/services/commit/run-idempotent.ts";
import { createProject } from "../../lib/services/projects/create-project.ts";
import { listProjects } from "../../lib/services/projects/read-projects.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { movableClock } from "../support/clock.ts";

const clock = movableClock();
const backend = await startBackend({ clock });
const { parts } = backend;
afterAll(() => backend[Symbol.asyncDispose]());

const receipt = (key: string, fingerprint = "same"): Receipt => ({
  tenant: "local",
  user: "ann",
  key,
  fingerprint,
  owner: backend.given.newId(),
});

const input = { description: null, oversight_level: "low", workflow: "none" } as const;

const create = (name: string, by: Receipt) =>
  runCommand(parts, {
    call: aCall(),
    receipt: by,
    checkMatch: () => undefined,
    prepare: () => createProject(parts, aCall(), { ...input, name }),
    shape: (project) => Project.parse(project),
  });

const named = async (name: string) => {
  const { items } = await listProjects(parts, aCall(), { after: null, limit: 100 });
  return items.filter((project) => project.name === name);
};

test("the same key gives the first answer again, and has one effect", async () => {
  const first = await create("once", receipt("a"));
  const again = await create("once", receipt("a"));
  expect(again).toEqual({ body: first.body, replayed: true });
  expect(await named("once")).toHaveLength(1);
});

test("the same key with another request is refused", async () => {
  await create("mine", receipt("b"));
  await expect(create("other", receipt("b", "other"))).rejects.toMatchObject({
    code: "idempotency-mismatch",
  });
});

test("ten at once have one effect: the others are told to wait, or get the same answer", async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, () => create("ten", receipt("c"))),
  );
  expect(await named("ten")).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected") {
      expect(answer.reason).toMatchObject({ code: "idempotency-in-progress" });
    }
  }
});

test("a request that died is taken over, and its late write comes to nothing", async () => {
  const dead = receipt("d");
  await parts.claimKey(dead);
  await expect(create("late", receipt("d"))).rejects.toMatchObject({
    code: "idempotency-in-progress",
  });
  clock.forward(31_000);
  await create("late", receipt("d"));
  const command = await createProject(parts, aCall(), { ...input, name: "late" });
  const late = parts.commit({ ...command, ...callerOf(aCall()), receipt: dead });
  await expect(late).rejects.toMatchObject({ code: "idempotency-in-progress" });
  expect(await named("late")).toHaveLength(1);
});

test("a key may be used again after a day", async () => {
  await create("day", receipt("e"));
  clock.forward(24 * 3_600_000 + 1_000);
  expect(await create("day", receipt("e"))).toMatchObject({ replayed: false });
});

test("a refused request gives its key back", async () => {
  const by = receipt("f");
  const failing = once(parts, by, () => parts.findRequest("local", backend.given.newId()));
  await expect(failing).rejects.toMatchObject({ code: "not-found" });
  expect(await create("after", receipt("f", "another"))).toMatchObject({ replayed: false });
});

test("a claim whose answer was lost is not refused by its own lock", async () => {
  const by = receipt("g");
  expect(await parts.claimKey(by)).toBeNull();
  expect(await parts.claimKey(by)).toBeNull();
});

test("a key that nobody holds any more is free for another request, too", async () => {
  await parts.claimKey(receipt("h"));
  clock.forward(31_000);
  expect(await create("corrected", receipt("h", "other"))).toMatchObject({ replayed: false });
});

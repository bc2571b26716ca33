import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SideEffect } from "../../../lib/domain/task/side-effect.ts";
import { LeaseLost } from "../../../lib/services/worker/hold-lease.ts";
import { openSideEffects } from "../../../lib/services/worker/side-effects.ts";
import { anId, aWorkingTask } from "../../support/builders.ts";
import { cancelled, holding } from "./leased-task.ts";

const having = (known: SideEffect[] = []) => {
  const { deps, lease, stored } = holding({ task: aWorkingTask({ attempt: 2, effects: known }) });
  const remembered = () => stored.state().tasks[anId(10)]?.effects ?? [];
  return { ...openSideEffects({ ...deps, digest }, lease), stored, remembered };
};

const digest = (content: unknown) => {
  const sha256 = createHash("sha256").update(String(content)).digest("hex");
  return { sha256, bytes: 1 };
};
const digestOf = (what: string) => digest(what).sha256.slice(0, 32);
const mail = { key: "mail", what: "Mails Ann.", digest: digestOf("Mails Ann."), outcome: null };

test("an effect is begun once, and remembered with how it ended", async () => {
  const { begin, end, list, remembered, stored } = having();
  expect(await begin("mail", "Mails Ann.")).toBeNull();
  expect(await begin("mail", "Mails Bob.")).toEqual(mail);
  expect(await begin("post", "Posts.")).toBeNull();
  await end("mail", "Sent.");
  expect(list()).toEqual([
    { ...mail, outcome: "Sent." },
    { key: "post", what: "Posts.", digest: digestOf("Posts."), outcome: null },
  ]);
  expect(remembered()).toEqual(list());
  expect(stored.log).toEqual([]);
});

test("of two who begin at the same time, one does", async () => {
  const { begin } = having();
  expect(await Promise.all([begin("mail", "Mails Ann."), begin("mail", "…")])).toEqual([
    null,
    mail,
  ]);
});

test("a later attempt knows the newest fifty", async () => {
  const known = Array.from({ length: 50 }, (_, index) => ({ ...mail, key: `effect ${index}` }));
  const { begin, list, remembered } = having(known);
  expect(await begin("effect 0", "…")).toEqual(known[0]);
  expect(await begin("mail", "x".repeat(9_000))).toBeNull();
  expect(remembered().map(({ key }) => key)).toEqual([
    ...known.slice(1).map(({ key }) => key),
    "mail",
  ]);
  expect(list()).toEqual(remembered());
  expect(JSON.stringify(remembered()).length).toBeLessThan(20_000);
});

test("when the answer of the write is lost, the effect is remembered once, and may be had", async () => {
  const { deps, lease, stored } = holding();
  const twice: typeof deps.commit = async (request) => {
    await deps.commit(request);
    return deps.commit({ ...request, known: undefined });
  };
  const { begin } = openSideEffects({ ...deps, digest, commit: twice }, lease);
  expect(await begin("mail", "Mails Ann.")).toBeNull();
  expect(stored.state().tasks[anId(10)]?.effects).toEqual([mail]);
});

test("the same is found again by the whole of it, and the last time counts", async () => {
  const { begin, latest } = having();
  const long = (end: string) => `mail with ${"x".repeat(400)}${end}`;
  for (const [key, what] of [
    ["1", long("a")],
    ["2", long("b")],
    ["3", long("a")],
  ] as const)
    await begin(key, what);
  expect([latest(long("a"))?.key, latest(long("b"))?.key, latest(long("c"))?.key]).toEqual([
    "3",
    "2",
    undefined,
  ]);
});

test("an attempt that lost its lease may begin nothing more", async () => {
  const { begin, end, remembered, stored } = having([mail]);
  stored.meanwhile(cancelled);
  await expect(begin("post", "Posts.")).rejects.toThrow(LeaseLost);
  await expect(end("mail", "Sent.")).rejects.toThrow(LeaseLost);
  expect(remembered()).toEqual([mail]);
});

test("an end that cannot be written costs no attempt", async () => {
  const { deps, lease } = holding();
  const commit = async () => {
    throw new Error("The table does not answer.");
  };
  await openSideEffects({ ...deps, digest, commit }, lease).end("mail", "Sent.");
  expect(lease.signal.aborted).toBe(false);
});

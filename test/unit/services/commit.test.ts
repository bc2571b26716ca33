import { expect, test } from "vitest";
import { type Change, type Edit, emit, setProject } from "../../../lib/domain/change.ts";
import { projectEvent } from "../../../lib/domain/events.ts";
import type { PreparedWrite } from "../../../lib/domain/prepare-write.ts";
import { Problem } from "../../../lib/domain/problem.ts";
import {
  type CommitDeps,
  type CommitRequest,
  commit,
} from "../../../lib/services/commit/commit.ts";
import { aChange, anId, newId, now, waitTimes } from "../../support/builders.ts";
import { aProblem } from "../../support/problem.ts";

type Outcome = Awaited<ReturnType<CommitDeps["write"]>>;

const said = emit(projectEvent("error", { code: "x", message: "y" }));
const idempotencyKey = { tenant: "local", user: "ann", key: "k", payloadHash: "f", owner: "o" };

const throttled = new Error("Throttled");

/** A table that answers writes as it is told, `written` when told nothing; time passes while it sleeps. */
const aTable = (outcomes: Outcome[] = [], { lands = false, patienceMs = 1_000 } = {}) => {
  const seen = {
    writes: [] as Parameters<CommitDeps["write"]>[],
    lookups: [] as PreparedWrite[],
    kept: [] as unknown[],
    loads: 0,
    more: [] as unknown[],
    slept: [] as number[],
  };
  let ms = Date.parse(now);
  const deps: CommitDeps = {
    ...waitTimes,
    load: async () => {
      seen.loads += 1;
      return aChange({ project: { head: 10 * seen.loads } });
    },
    loadMore: async (change, needs) => {
      seen.more.push(needs);
      return change;
    },
    write: async (...args) => {
      seen.writes.push(args);
      return outcomes.shift() ?? "written";
    },
    wasApplied: async (prepared) => {
      seen.lookups.push(prepared);
      return lands;
    },
    storeResponse: async (...args) => void seen.kept.push(args),
    isTransient: (error) => error === throttled,
    now: () => new Date(ms),
    newId,
    random: () => 0.5,
    sleep: async (wait) => {
      seen.slept.push(wait);
      ms += wait;
    },
    patienceMs,
  };
  return { deps, seen };
};

const request = (edit: Edit, more: Partial<CommitRequest<number>> = {}): CommitRequest<number> => ({
  tenant: "local",
  project_id: anId(1),
  actor: { type: "user", id: "ann" },
  correlation_id: "call-1",
  decide: (change: Change) => ({
    change: edit(change),
    answer: ({ project }) => project.head,
  }),
  ...more,
});

test("reads, decides and writes once", async () => {
  const { deps, seen } = aTable();
  const { result, events, after, changedIds } = await commit(deps, request(said));
  expect(result).toBe(11);
  expect(events).toMatchObject([{ seq: 11, actor: { type: "user", id: "ann" }, timestamp: now }]);
  expect(after.project).toMatchObject({ head: 11, rev: 2 });
  expect(changedIds.size).toBe(0);
  expect(seen).toMatchObject({ loads: 1, lookups: [], slept: [] });
  expect(seen.writes).toHaveLength(1);
});

test("reads and decides again when the race was lost", async () => {
  const { deps, seen } = aTable(["conflict", "conflict"]);
  const { result } = await commit(deps, request(said));
  expect(result).toBe(31);
  expect(seen.loads).toBe(3);
  expect(seen.writes.map(([{ change }]) => change.project.head)).toEqual([11, 21, 31]);
  expect(seen.lookups).toEqual([]);
});

test("stops retrying when every round loses its race", async () => {
  const { deps, seen } = aTable(Array.from({ length: 99 }, () => "conflict" as const));
  await expect(commit(deps, request(said))).rejects.toMatchObject({ code: "busy" });
  expect(seen.writes.length).toBeGreaterThan(5);
  expect(seen.writes.length).toBeLessThan(20);
});

test("tries once, even when it may not retry", async () => {
  const { deps } = aTable([], { patienceMs: 0 });
  await expect(commit(deps, request(said))).resolves.toMatchObject({ result: 11 });
});

test("waits longer each time, at random, and never long", async () => {
  const { deps, seen } = aTable(Array.from({ length: 99 }, () => "conflict" as const));
  await commit(deps, request(said)).catch(() => undefined);
  expect(seen.slept.slice(0, 6)).toEqual([2.5, 5, 10, 20, 40, 80]);
  expect(Math.max(...seen.slept)).toBeLessThanOrEqual(500);
});

test("a write whose answer was lost is looked up, and not repeated when it is there", async () => {
  const { deps, seen } = aTable(["unknown"], { lands: true });
  const { result, events } = await commit(deps, request(said));
  expect(result).toBe(11);
  expect(events).toEqual(seen.writes[0]?.[0].events);
  expect(seen.writes).toHaveLength(1);
  expect(seen.lookups).toEqual([seen.writes[0]?.[0]]);
});

test("a write whose answer was lost is repeated when it is not there", async () => {
  const { deps, seen } = aTable(["unknown"]);
  await expect(commit(deps, request(said))).resolves.toMatchObject({ result: 21 });
  expect(seen.writes).toHaveLength(2);
});

test.each(["conflict", "unknown"] as const)(
  "what is being created is tried again after %s: there is nothing to read yet",
  async (outcome) => {
    const { deps, seen } = aTable([outcome]);
    const known = aChange({ project: { rev: 0, head: 0 } });
    await commit(deps, request(said, { known }));
    expect(seen.loads).toBe(0);
    expect(seen.writes).toHaveLength(2);
  },
);

// A write that timed out may be applied after it was looked up: the next decision then meets its own effect.
test("a decision that its own late write refuses counts as committed", async () => {
  const { deps, seen } = aTable(["unknown"]);
  const landed = { ...deps, wasApplied: async () => seen.loads > 1 };
  const refuseAgain = request((change) => {
    if (seen.loads > 1) throw aProblem("already-decided", "It is approved.");
    return said(change);
  });
  await expect(commit(landed, refuseAgain)).resolves.toMatchObject({ result: 11 });
});

test("a decision that changes nothing writes nothing", async () => {
  const { deps, seen } = aTable();
  const committed = await commit(
    deps,
    request((change) => change),
  );
  expect(committed).toMatchObject({ result: 10, events: [], after: { project: { rev: 1 } } });
  expect(seen.writes).toEqual([]);
});

test("a change of the project alone is written, though nobody hears of it", async () => {
  const { deps, seen } = aTable();
  await commit(deps, request(setProject({ follow_up: null })));
  expect(seen.writes).toHaveLength(1);
});

test.each([
  {
    name: "is written with its effect",
    edit: said,
    writes: [{ idempotencyKey, body: 11 }],
    kept: [],
  },
  {
    name: "is kept alone where there is no effect",
    edit: (change: Change) => change,
    writes: [],
    kept: [[idempotencyKey, 10]],
  },
])("the answer to an idempotent request $name", async ({ edit, writes, kept }) => {
  const { deps, seen } = aTable();
  await commit(deps, request(edit, { idempotencyKey }));
  expect(seen.writes.map(([, answer]) => answer)).toEqual(writes);
  expect(seen.kept).toEqual(kept);
});

test("what is known saves the first read, and only that", async () => {
  const known = aChange({ project: { head: 5 } });
  const { deps, seen } = aTable(["conflict"]);
  await commit(deps, request(said, { known }));
  expect(seen.loads).toBe(1);
  expect(seen.writes.map(([{ change }]) => change.project.head)).toEqual([6, 11]);
});

test("what shows only after the first read is read too", async () => {
  const { deps, seen } = aTable();
  await commit(deps, request(said, { more: ({ project }) => ({ tasks: [`t${project.head}`] }) }));
  expect(seen.more).toEqual([{ tasks: ["t10"] }]);
});

test("a refusal goes to the caller at once", async () => {
  const { deps, seen } = aTable();
  const refuse = request(() => {
    throw new Problem("conflict", "No.");
  });
  await expect(commit(deps, refuse)).rejects.toMatchObject({ code: "conflict" });
  expect(seen).toMatchObject({ writes: [], slept: [] });
});

// Every try of the SDK seemed lost; one of them is applied after the look-up, just before the next read.
test("a write that is applied after it was looked up is not decided again on top of its own effect", async () => {
  const { deps, seen } = aTable(["unknown"]);
  let landed = false;
  const late: CommitDeps = {
    ...deps,
    load: async (...args) => {
      const change = await deps.load(...args);
      landed = seen.writes.length > 0;
      return change;
    },
    wasApplied: async () => landed,
  };
  await expect(commit(late, request(said))).resolves.toMatchObject({ result: 11 });
  expect(seen.writes).toHaveLength(1);
});

test("a read with a transient error is retried", async () => {
  const { deps, seen } = aTable();
  let failures = 2;
  const load: CommitDeps["load"] = async (...args) => {
    failures -= 1;
    if (failures >= 0) throw throttled;
    return deps.load(...args);
  };
  await expect(commit({ ...deps, load }, request(said))).resolves.toMatchObject({ result: 11 });
  expect(seen.slept).toHaveLength(2);
});

test("when the table never answers, its error is thrown when the retries are over", async () => {
  const { deps, seen } = aTable();
  const load = async () => {
    throw throttled;
  };
  await expect(commit({ ...deps, load }, request(said))).rejects.toBe(throttled);
  expect(seen.slept.length).toBeGreaterThan(5);
});

const unknown = Array.from({ length: 99 }, () => "unknown" as const);

test("when it is unknown whether the write was applied, the problem is in-doubt", async () => {
  const { deps } = aTable(unknown);
  await expect(commit(deps, request(said))).rejects.toMatchObject({
    code: "in-doubt",
    extensions: { retry_after: 30 },
  });
});

test("an unconfirmed write is looked up a last time before the retries stop", async () => {
  const { deps, seen } = aTable(unknown);
  const start = deps.now().getTime();
  const late = { ...deps, wasApplied: async () => deps.now().getTime() - start >= deps.patienceMs };
  await expect(commit(late, request(said))).resolves.toMatchObject({ result: 11 });
  expect(seen.writes.length).toBeGreaterThan(5);
});

test("a refusal that its own late write may have caused is thrown only after a look-up", async () => {
  const { deps, seen } = aTable(["unknown"]);
  let lookups = 0;
  const wasApplied = async () => {
    lookups += 1;
    if (lookups <= 2) throw throttled;
    return true;
  };
  const refuseAgain = request((change) => {
    if (seen.loads > 1) throw aProblem("already-decided", "It is approved.");
    return said(change);
  });
  await expect(commit({ ...deps, wasApplied: wasApplied }, refuseAgain)).resolves.toMatchObject({
    result: 11,
  });
});

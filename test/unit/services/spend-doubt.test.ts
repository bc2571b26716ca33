import { expect, test } from "vitest";
import { emptyLedger, ledgerIds } from "../../../lib/domain/budget/ledger.ts";
import type { CallResult } from "../../../lib/domain/budget/model-call.ts";
import type { Change, Edit } from "../../../lib/domain/change.ts";
import { afterWrite, type PreparedWrite } from "../../../lib/domain/prepare-write.ts";
import { type CommitDeps, commit } from "../../../lib/services/commit/commit.ts";
import { holdLease } from "../../../lib/services/worker/hold-lease.ts";
import { openSpend } from "../../../lib/services/worker/spend.ts";
import { aChange, anId, aWorkingTask, newId, now, waitTimes } from "../../support/builders.ts";

const wanted = {
  agent_type: "coder",
  provider: "p",
  model: "m",
  minCost: 10,
  maxCost: 100,
} as const;
const settled: CallResult = {
  outcome: "answered",
  error_code: null,
  estimated: false,
  price: "listed",
  purpose: "answer",
  duration_ms: 5,
  input_tokens: 1,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 1,
  cost: 70,
};
const yesterday = "2029-12-31T23:59:59.900Z";
const tenantsOwn = (id: string) => id === "tenant" || id.startsWith("day:");

/** A table with one project whose task is held, behind a network that may lose the answers of writes. */
const aBank = ({ at = now, lost = 0, budget = 1_000 } = {}) => {
  let ms = Date.parse(at);
  let state = aChange({ tasks: [aWorkingTask()] });
  const table = { lost, beforeWrite: () => {}, afterLoss: () => {}, log: [] as string[] };
  const deps: CommitDeps = {
    ...waitTimes,
    load: async (_key, { ledgers = [] }) => ({
      ...state,
      ledgers: Object.fromEntries(ledgers.map((id) => [id, state.ledgers[id] ?? emptyLedger(id)])),
    }),
    loadMore: async (change, { ledgers = [] }) => {
      const more = ledgers.map((id) => [id, state.ledgers[id] ?? emptyLedger(id)]);
      return { ...change, ledgers: { ...change.ledgers, ...Object.fromEntries(more) } };
    },
    write: async (prepared: PreparedWrite) => {
      table.beforeWrite();
      const { change } = prepared;
      const stale = [...change.changedIds].some(
        (id) => change.ledgers[id] && change.ledgers[id].rev !== (state.ledgers[id]?.rev ?? 0),
      );
      if (stale || change.project.rev !== state.project.rev) return "conflict";
      const { ledgers, ...after } = afterWrite(prepared);
      state = { ...after, ledgers: { ...state.ledgers, ...ledgers } };
      table.log.push(...prepared.events.map(({ event_type }) => event_type));
      table.lost -= 1;
      if (table.lost < 0) return "written";
      table.afterLoss();
      return "unknown";
    },
    wasApplied: async ({ events }) => events.length > 0,
    storeResponse: async () => undefined,
    isTransient: () => false,
    now: () => new Date(ms),
    newId,
    random: () => 1,
    sleep: async (wait) => {
      ms += wait;
    },
    patienceMs: 1_000,
  };
  const known = {
    ...deps,
    commit: async <R>(request: Parameters<typeof commit<R>>[1]) =>
      (await commit(deps, request)).result,
    touchTask: async () => true,
    sleep: async () => undefined,
    every: () => () => undefined,
    timeout: () => new AbortController().signal,
    leaseMs: 60_000,
    timeoutMs: 300_000,
    budgets: { task: budget, project: null, tenant: null, day: null },
  };
  /** A worker that holds the task as it is now. */
  const aWorker = () => {
    const task = state.tasks[anId(10)] ?? aWorkingTask();
    const lease = holdLease(known, { change: state, task });
    return openSpend(known, lease);
  };
  const change = (edit: Edit) => {
    const next = edit(state);
    state = { ...next, project: { ...next.project, rev: next.project.rev + 1 } };
  };
  return {
    table,
    aWorker,
    change,
    /** The task is taken by the next attempt. */
    takeOver: () =>
      change((before: Change) => ({
        ...before,
        tasks: { [anId(10)]: aWorkingTask({ attempt: 2 }) },
      })),
    ledgers: () => Object.values(state.ledgers),
    ledger: (id: string) => state.ledgers[id] ?? emptyLedger(id),
    later: (wait: number) => {
      ms += wait;
    },
  };
};

const sums = ({ ledgers }: ReturnType<typeof aBank>) =>
  Object.fromEntries(
    ledgers().map(({ ledger_id, spend, reserved }) => [ledger_id, [spend.cost, reserved]]),
  );

test("a call reserves in four ledgers, and settling gives back what it did not cost", async () => {
  const bank = aBank();
  const { reserve, settle } = bank.aWorker();
  const { call_id, verdict } = await reserve(wanted);
  expect(verdict).toEqual({ kind: "granted", amount: 100 });
  const ids = [ledgerIds.task(anId(10)), "project", "tenant", "day:2030-01-01"];
  expect(sums(bank)).toEqual(Object.fromEntries(ids.map((id) => [id, [0, 100]])));
  await settle(call_id, settled);
  expect(sums(bank)).toEqual(Object.fromEntries(ids.map((id) => [id, [70, 0]])));
});

test("a reservation whose answer was lost is found again, not made twice", async () => {
  const bank = aBank({ lost: 1 });
  const { call_id, verdict } = await bank.aWorker().reserve(wanted);
  expect(verdict).toEqual({ kind: "granted", amount: 100 });
  expect(bank.ledger("tenant")).toMatchObject({ reserved: 100, rev: 1 });
  expect(bank.ledger(ledgerIds.task(anId(10))).open).toMatchObject([{ call_id, amount: 100 }]);
});

test("a settlement whose answer was lost is not made twice", async () => {
  const bank = aBank();
  const { reserve, settle } = bank.aWorker();
  const { call_id } = await reserve(wanted);
  bank.table.lost = 1;
  await settle(call_id, settled);
  expect(bank.table.log).toEqual(["model_call"]);
  expect(bank.ledger("tenant").spend).toMatchObject({ calls: 1, cost: 70 });
});

test("when the day ends in the middle of a reservation, it counts for the day that was read", async () => {
  const bank = aBank({ at: yesterday });
  const { reserve, settle } = bank.aWorker();
  bank.table.beforeWrite = () => {
    bank.table.beforeWrite = () => {};
    bank.later(200);
    bank.change((state) => ({
      ...state,
      ledgers: { ...state.ledgers, "day:2030-01-01": { ...emptyLedger("day:2030-01-01"), rev: 5 } },
    }));
  };
  const { call_id, verdict } = await reserve(wanted);
  expect(verdict.kind).toBe("granted");
  await settle(call_id, settled);
  expect(bank.ledger("day:2029-12-31").spend.cost).toBe(70);
  expect(bank.ledger("day:2030-01-01")).toMatchObject({ spend: { cost: 0 }, rev: 5 });
});

test("an attempt that has lost its task gets no money", async () => {
  const bank = aBank();
  const { reserve } = bank.aWorker();
  bank.takeOver();
  await expect(reserve(wanted)).rejects.toMatchObject({ name: "LeaseLost" });
  expect(bank.ledgers().filter(({ ledger_id }) => tenantsOwn(ledger_id))).toEqual([]);
});

test("a reservation whose answer and task are lost is given back", async () => {
  const bank = aBank({ lost: 1 });
  const { reserve } = bank.aWorker();
  bank.table.afterLoss = bank.takeOver;
  await expect(reserve(wanted)).rejects.toMatchObject({ name: "LeaseLost" });
  expect(bank.ledger("tenant")).toMatchObject({ reserved: 0, spend: { calls: 1, cost: 0 } });
  expect(bank.table.log).toEqual(["model_call"]);
});

test("what an earlier attempt has under way counts beside the next call, each in its own day", async () => {
  const bank = aBank({ at: yesterday, budget: 200 });
  const { reserve, settle } = bank.aWorker();
  const { call_id } = await reserve(wanted);
  bank.takeOver();
  bank.later(200);
  const other = bank.aWorker();
  const { verdict } = await other.reserve(wanted);
  expect(verdict).toEqual({ kind: "granted", amount: 100 });
  expect((await other.reserve(wanted)).verdict).toMatchObject({ kind: "waits" });
  await settle(call_id, settled);
  expect(sums(bank)).toEqual({
    [ledgerIds.task(anId(10))]: [70, 100],
    project: [70, 100],
    tenant: [70, 100],
    "day:2029-12-31": [70, 0],
    "day:2030-01-01": [0, 100],
  });
  expect(bank.table.log).toEqual(["model_call"]);
});

test("a call that ends after its attempt has lost the task is settled all the same", async () => {
  const bank = aBank();
  const { reserve, settle } = bank.aWorker();
  const { call_id } = await reserve(wanted);
  bank.takeOver();
  await settle(call_id, settled);
  expect(bank.ledger("project")).toMatchObject({ reserved: 0, spend: { cost: 70 } });
});

import { apply, type Change, type Edit, put, wake } from "../change.ts";
import { isNearlyUsed, isUsedUp, ledgerOfLimit, roomIn, shareOf } from "./budget.ts";
import { type LedgerRecord, ledgerIn, spentAndReserved, type Waiter } from "./ledger.ts";
import type { LimitOwner } from "./limit.ts";

/**
 * Tasks that a ledger remembers. Each takes about 100 bytes, and every call writes the ledger again. A task beyond is found by
 * the sweeper only.
 */
const maxWaiters = 500;

const before = (one: Waiter, other: Waiter) => (one.task_id < other.task_id ? -1 : 1);

/** What the next call of a waiter would get now: money, a question to a person, or nothing yet. */
const standingOf = (
  { limit, agreed, ...wanted }: Waiter,
  { spend }: LedgerRecord,
  held: number,
): { kind: "fits"; share: number } | { kind: "asks" | "waits" } => {
  const use = { amount: limit, spent: spend.cost, held };
  const isNear = isNearlyUsed(limit, spend.cost + wanted.minCost) && !agreed;
  if (isNear || isUsedUp(use, wanted)) return { kind: "asks" };
  const share = shareOf(use, wanted);
  return roomIn(use) < share ? { kind: "waits" } : { kind: "fits", share };
};

/**
 * Takes from the line who may go on: the oldest first, as long as the money is enough. Nobody overtakes a task that still
 * waits. Who has to ask a person is taken too: of each project one asks, and the others join its question.
 */
const takeNext = (ledger: LedgerRecord): { woken: Waiter[]; left: Waiter[] } => {
  const { waiting } = ledger;
  let held = spentAndReserved(ledger);
  const first = waiting.findIndex((waiter) => {
    const standing = standingOf(waiter, ledger, held);
    if (standing.kind === "fits") held += standing.share;
    return standing.kind === "waits";
  });
  const count = first < 0 ? waiting.length : first;
  return { woken: waiting.slice(0, count), left: waiting.slice(count) };
};

/** Wakes the tasks that may go on with the money of a ledger as it is now. */
export const wakeNext =
  (ledger_id: string): Edit =>
  (change) => {
    const ledger = ledgerIn(change, ledger_id);
    const { woken, left } = /* guard: money that comes back wakes who waits */ takeNext(ledger);
    if (woken.length === 0) return change;
    return wake(woken)(put("ledgers", { ...ledger, waiting: left })(change));
  };

/** Puts a task in the line of a ledger. */
export const joinLine =
  (ledger_id: string, waiter: Waiter): Edit =>
  (change) => {
    const ledger = ledgerIn(change, ledger_id);
    const others = ledger.waiting.filter(({ task_id }) => task_id !== waiter.task_id);
    const waiting = [...others, waiter].sort(before).slice(0, maxWaiters);
    return put("ledgers", { ...ledger, waiting })(change);
  };

type InLine = { task_id: string; waiting_for: LimitOwner | null };

/** Takes a task out of the line in which it waits, if the change has that ledger. Who stood behind it may go on. */
export const leaveLine =
  ({ task_id, waiting_for }: InLine): Edit =>
  (change) => {
    const ledger = waiting_for && change.ledgers[ledgerOfLimit(waiting_for)];
    if (!ledger?.waiting.some((waiter) => waiter.task_id === task_id)) return change;
    const waiting = ledger.waiting.filter((waiter) => waiter.task_id !== task_id);
    return apply(change, put("ledgers", { ...ledger, waiting }), wakeNext(ledger.ledger_id));
  };

/** Notes what a person decided about a limit on those of the project who wait at it, and wakes who may go on. */
export const answerLine =
  (owner: LimitOwner, decided: Partial<Pick<Waiter, "limit" | "agreed">>): Edit =>
  (change) => {
    const id = ledgerOfLimit(owner);
    const ledger = ledgerIn(change, id);
    if (ledger.waiting.length === 0) return change;
    const waiting = ledger.waiting.map((waiter) =>
      waiter.project_id === change.project.id ? { ...waiter, ...decided } : waiter,
    );
    return wakeNext(id)(put("ledgers", { ...ledger, waiting })(change));
  };

/** Tells whether a task that waits for money has to wait on. The change needs the ledger of its limit. */
export const isStillWaiting = (change: Change, task: InLine, now: string): boolean => {
  const { waiting_for } = task;
  if (!waiting_for || (waiting_for.scope === "day" && waiting_for.owner !== now.slice(0, 10))) {
    return false;
  }
  const ledger = ledgerIn(change, ledgerOfLimit(waiting_for));
  const waiter = ledger.waiting.find(({ task_id }) => task_id === task.task_id);
  return (
    waiter !== undefined && standingOf(waiter, ledger, spentAndReserved(ledger)).kind === "waits"
  );
};

import type { Change } from "../change.ts";
import { type LedgerRecord, ledgerIds, ledgerIn, spentAndReserved } from "./ledger.ts";
import {
  isRaisable,
  isSameLimit,
  type LimitRef,
  raisedLimit,
  type Scope,
  scopes,
} from "./limit.ts";
import type { CallPlan } from "./model-call.ts";
import { type MicroDollars, money } from "./money.ts";

/** The configured limit of each scope; null for no limit. */
export type Budgets = Readonly<Record<Scope, MicroDollars | null>>;

/** From this share of a limit on, a person is asked before more is spent. */
const askFromShare = 0.9;

/** Tells whether so much of a limit is used that a person has to know. */
export const isNearlyUsed = (limit: MicroDollars, used: MicroDollars): boolean =>
  used >= limit * askFromShare;

/** Gives the id of the ledger that says what is spent of a limit. */
export const ledgerOfLimit = ({ scope, owner }: Pick<LimitRef, "scope" | "owner">): string => {
  if (scope === "task") return ledgerIds.task(owner);
  return scope === "day" ? ledgerIds.day(owner) : ledgerIds[scope];
};

/** A limit with the ledger that says what is spent and reserved of it. */
export type LimitState = LimitRef & { ledger: LedgerRecord };

/** The task that asks for a call, and when. */
type CallTime = { task_id: string; now: string };

/** Gives the ids of the ledgers in which a call of the task counts. */
export const ledgersOf = (task_id: string, now: string): Record<Scope, string> => ({
  task: ledgerIds.task(task_id),
  project: ledgerIds.project,
  tenant: ledgerIds.tenant,
  day: ledgerIds.day(now),
});

/** Names in each scope the owner of the limit that holds for a call. */
const ownersOf = ({ task_id, now }: CallTime): Record<Scope, string> => ({
  task: task_id,
  project: "all",
  tenant: "all",
  day: now.slice(0, 10),
});

/** Lists the limits that hold for a call. A limit that a person has set replaces the configured one. */
export const limitsOf = (
  { project, ledgers }: Pick<Change, "project" | "ledgers">,
  budgets: Budgets,
  at: CallTime,
): LimitState[] => {
  const [ids, owners] = [ledgersOf(at.task_id, at.now), ownersOf(at)];
  return scopes.flatMap((scope): LimitState[] => {
    const owner = owners[scope];
    const amount = raisedLimit(project.raised_limits, { scope, owner }) ?? budgets[scope];
    const ledger = ledgerIn({ ledgers }, ids[scope]);
    return amount === null ? [] : [{ scope, owner, amount, ledger }];
  });
};

/** The least and the most that a call can cost, in micro-dollars. */
export type CallCost = Pick<CallPlan, "minCost" | "maxCost">;

/**
 * The decision about a call: the amount to reserve, or the limit that stops it. `waits`: only what other calls have reserved is
 * in the way. `nearly` and `used_up`: a person has to decide.
 */
export type Verdict =
  | { kind: "granted"; amount: MicroDollars }
  | { kind: "waits"; limit: LimitState; wanted: CallCost }
  | { kind: "nearly" | "used_up"; limit: LimitState; wanted: CallCost };

/** A limit for a decision: its amount, what is spent of it, and that plus what is reserved. */
type Use = { amount: MicroDollars; spent: MicroDollars; held: MicroDollars };

/** Tells whether a call cannot be paid, though all that is reserved came back. */
export const isUsedUp = ({ amount, spent }: Use, { minCost }: CallCost): boolean =>
  amount - spent < minCost || amount <= spent;

/** Gives what a call may have of a limit of which nothing is reserved. */
export const shareOf = ({ amount, spent }: Use, { maxCost }: CallCost): MicroDollars =>
  Math.min(maxCost, amount - spent);

/** Gives what is not spent of a limit, and not reserved. */
export const roomIn = ({ amount, held }: Use): MicroDollars => amount - held;

const useOf = ({ amount, ledger }: LimitState): Use => ({
  amount,
  spent: ledger.spend.cost,
  held: spentAndReserved(ledger),
});

/**
 * Decides what may be reserved for a call, so that no limit is exceeded. A person is asked about what is spent and about what
 * this call needs at least, never about what other calls have reserved: that may come back. Meanwhile the call waits: it does
 * not go out with less room for its answer.
 *
 * @param agreed limits for which a person has agreed that the work goes on beyond 90 % of them
 */
export const decideBudget = (
  limits: readonly LimitState[],
  { minCost, maxCost }: CallCost,
  agreed: readonly LimitRef[],
): Verdict => {
  const wanted = { minCost, maxCost };
  const usedUp = limits.find((limit) => isUsedUp(useOf(limit), wanted));
  if (usedUp) return { kind: "used_up", limit: usedUp, wanted };
  const near = limits.find(
    (limit) =>
      isNearlyUsed(limit.amount, limit.ledger.spend.cost + minCost) &&
      !agreed.some((other) => isSameLimit(limit, other)),
  );
  if (near) return { kind: "nearly", limit: near, wanted };
  const amount = Math.min(maxCost, ...limits.map((limit) => shareOf(useOf(limit), wanted)));
  const full = /* guard: no more than what is left */ limits.find(
    (limit) => roomIn(useOf(limit)) < amount,
  );
  return full
    ? { kind: "waits", limit: full, wanted: { minCost, maxCost: amount } }
    : { kind: "granted", amount };
};

const names = {
  task: "this task",
  project: "this project",
  tenant: "the whole account",
  day: "the account for today",
} as const satisfies Record<Scope, string>;

const othersWaiting = (others: number): string =>
  others === 1
    ? " 1 other task waits for this answer too."
    : ` ${others} other tasks wait for this answer too.`;

const othersPattern = / \d+ other tasks? waits? for this answer too\.$/;

/** Says at the end of a question how many tasks wait for its answer beside the one that asked. */
export const withOthers = (question: string, others: number): string =>
  question.replace(othersPattern, "") + (others > 0 ? othersWaiting(others) : "");

/** Writes the question to the person who decides about a limit. */
export const budgetQuestion = (kind: "nearly" | "used_up", limit: LimitState): string => {
  const { spend, reserved } = limit.ledger;
  const reservedWords = reserved > 0 ? ` and ${money(reserved)} reserved by calls under way` : "";
  const state = `Of the ${money(limit.amount)} for ${names[limit.scope]}, ${money(spend.cost)} are spent${reservedWords}.`;
  const raise = isRaisable(limit)
    ? " Amend with an amount in dollars to set a new limit."
    : " Its limit is set by the operator.";
  return kind === "nearly"
    ? `${state} May the work go on up to the limit?${raise}`
    : `${state} Nothing more is called: the next call would go over it. Try again?${raise}`;
};

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

/** The decision about a call: the amount to reserve, or the limit that stops it. */
export type Verdict =
  | { kind: "granted"; amount: MicroDollars }
  | { kind: "nearly" | "used_up"; limit: LimitState };

/**
 * Decides what may be reserved for a call, so that no limit is exceeded.
 *
 * @param wanted the call costs `minCost` at least, and no more than `maxCost`
 * @param agreed limits for which a person has agreed that the work goes on beyond 90 % of them
 */
export const decideBudget = (
  limits: readonly LimitState[],
  wanted: Pick<CallPlan, "minCost" | "maxCost">,
  agreed: readonly LimitRef[],
): Verdict => {
  const room = ({ amount, ledger }: LimitState) => amount - spentAndReserved(ledger);
  const full = limits.find((each) => room(each) < wanted.minCost || room(each) <= 0);
  if (full) return { kind: "used_up", limit: full };
  const near = limits.find(
    (limit) =>
      spentAndReserved(limit.ledger) >= limit.amount * askFromShare &&
      !agreed.some((other) => isSameLimit(limit, other)),
  );
  if (near) return { kind: "nearly", limit: near };
  return {
    kind: "granted",
    amount: /* guard: no more than what is left */ Math.min(wanted.maxCost, ...limits.map(room)),
  };
};

const names = {
  task: "this task",
  project: "this project",
  tenant: "the whole account",
  day: "the account for today",
} as const satisfies Record<Scope, string>;

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

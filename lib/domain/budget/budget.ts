import type { Change } from "../change.ts";
import { committed, emptyLedger, type LedgerRecord, ledgerIds } from "./ledger.ts";
import { type MicroDollars, money } from "./money.ts";

export const scopes = ["task", "project", "tenant", "day"] as const;
export type Scope = (typeof scopes)[number];

/** What may be spent in each scope; null is no limit. */
export type Budgets = Readonly<Record<Scope, MicroDollars | null>>;

/** From here on a person is asked before more is spent. */
const askAt = 0.9;

/** Names a limit, so that what a person said holds for this one and no other. */
type LimitName = `${Scope}:${string}`;

/** A scope with its limit and its ledger. */
export type Limit = {
  scope: Scope;
  name: LimitName;
  limit: MicroDollars;
  ledger: LedgerRecord;
};

/** The ledgers that a call of the task is written to. */
export const ledgersOf = (task_id: string, now: string): Record<Scope, string> => ({
  task: ledgerIds.task(task_id),
  project: ledgerIds.project,
  tenant: ledgerIds.tenant,
  day: ledgerIds.day(now),
});

/** Whose budget it is: a person raises this task's or project's; the tenant's and the day's are the operator's. */
const ownerOf = (scope: Scope, ledger_id: string) =>
  scope === "project" || scope === "tenant" ? "all" : (ledger_id.split(":")[1] ?? "all");

/** The limits that hold for a call, a person's own before the configured ones. */
export const limitsOf = (
  { project, ledgers }: Pick<Change, "project" | "ledgers">,
  budgets: Budgets,
  ids: Record<Scope, string>,
): Limit[] =>
  scopes.flatMap((scope): Limit[] => {
    const id = ids[scope];
    const key = `${scope}:${ownerOf(scope, id)}` as const;
    const limit = project.raised_limits[key] ?? budgets[scope];
    if (limit === null) return [];
    const ledger = ledgers[id] ?? emptyLedger(id);
    return [{ scope, name: `${key}:${limit}`, limit, ledger }];
  });

/** What a call may be reserved: an amount, or why it is not made. */
export type Verdict =
  | { kind: "granted"; amount: MicroDollars }
  | { kind: "nearly" | "used_up"; limit: Limit };

/**
 * @param wanted at least `least`, which the call cannot do without, and at the most `most`
 * @param agreed limits of which a person has said that the work may go on beyond 90 %
 */
export const decideBudget = (
  limits: readonly Limit[],
  wanted: { least: MicroDollars; most: MicroDollars },
  agreed: readonly string[],
): Verdict => {
  const room = ({ limit, ledger }: Limit) => limit - committed(ledger);
  const full = limits.find((each) => room(each) < wanted.least || room(each) <= 0);
  if (full) return { kind: "used_up", limit: full };
  const near = limits.find(
    ({ limit, ledger, name }) => committed(ledger) >= limit * askAt && !agreed.includes(name),
  );
  if (near) return { kind: "nearly", limit: near };
  return {
    kind: "granted",
    amount: /* guard: no more than what is left */ Math.min(wanted.most, ...limits.map(room)),
  };
};

const names = {
  task: "this task",
  project: "this project",
  tenant: "the whole account",
  day: "the account for today",
} as const satisfies Record<Scope, string>;

const raisable = { task: true, project: true, tenant: false, day: false } as const;

export const isRaisable = (scope: Scope): boolean => raisable[scope];

/** The question to the person whose budget it is. */
export const budgetQuestion = (kind: "nearly" | "used_up", limit: Limit): string => {
  const { spend, reserved } = limit.ledger;
  const held = reserved > 0 ? ` and ${money(reserved)} reserved by calls under way` : "";
  const state = `Of the ${money(limit.limit)} for ${names[limit.scope]}, ${money(spend.cost)} are spent${held}.`;
  const raise = isRaisable(limit.scope)
    ? " Amend with an amount in dollars to set a new limit."
    : " Its limit is set by the operator.";
  return kind === "nearly"
    ? `${state} May the work go on up to the limit?${raise}`
    : `${state} Nothing more is called: the next call would go over it. Try again?${raise}`;
};

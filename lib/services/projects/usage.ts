import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import { type Budgets, ledgersOf, limitsOf } from "../../domain/budget/budget.ts";
import {
  emptyLedger,
  type LedgerRecord,
  type Spend,
  taskOfLedger,
} from "../../domain/budget/ledger.ts";
import { scopes } from "../../domain/budget/limit.ts";
import { dollars } from "../../domain/budget/money.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { pricesAsOf } from "../../settings/prices.ts";
import type { LoadProject } from "../reads.ts";

export type UsageDeps = {
  loadProject: LoadProject;
  loadLedgers: (
    key: ProjectKey,
    ids: readonly string[],
  ) => Promise<{ ledgers: Record<string, LedgerRecord>; unreadable: string[] }>;
  listTaskLedgers: (
    key: ProjectKey,
    page: { after: string | null; limit: number },
  ) => Promise<Page<LedgerRecord>>;
  budgets: Budgets;
  now: () => Date;
};

const toSpend = ({ cost, ...counts }: Spend) => ({ ...counts, cost_usd: dollars(cost) });

const rows = <Name extends string>(name: Name, spends: Record<string, Spend>) =>
  Object.entries(spends)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, spend]) =>
        ({ [name]: key, ...toSpend(spend) }) as Record<Name, string> & ReturnType<typeof toSpend>,
    );

const taskOf = ({ ledger_id, spend, reserved, by_agent }: LedgerRecord) => ({
  task_id: taskOfLedger(ledger_id),
  agents: Object.keys(by_agent).sort(),
  ...toSpend(spend),
  reserved_usd: dollars(reserved),
});

type Query = { project_id: string; after: string | null; limit: number };

/**
 * Gives what the model calls of a project have used and cost, in all and by agent, model and task; and its budgets.
 *
 * @throws Problem `not-found`
 */
export const projectUsage = async (deps: UsageDeps, call: Call, { project_id, ...page }: Query) => {
  const key = { tenant: call.tenant, project_id };
  const project = await deps.loadProject(key);
  const now = deps.now().toISOString();
  const ids = ledgersOf("", now);
  const [{ ledgers, unreadable }, tasks] = await Promise.all([
    deps.loadLedgers(key, [ids.project, ids.tenant, ids.day]),
    deps.listTaskLedgers(key, page),
  ]);
  const limits = limitsOf({ project, ledgers }, deps.budgets, { task_id: "", now });
  const own = ledgers[ids.project] ?? emptyLedger(ids.project);
  return {
    usage: {
      project_id,
      prices_as_of: pricesAsOf,
      total: { ...toSpend(own.spend), reserved_usd: dollars(own.reserved) },
      by_agent: rows("agent_type", own.by_agent),
      by_model: rows("model", own.by_model),
      budgets: scopes
        .filter((scope) => scope !== "task")
        .map((scope) => {
          const limit = limits.find((each) => each.scope === scope);
          const ledger = ledgers[ids[scope]];
          const spent = ledger?.spend.cost ?? 0;
          const reserved = ledger?.reserved ?? 0;
          return {
            scope,
            limit_usd: limit ? dollars(limit.amount) : null,
            spent_usd: dollars(spent),
            reserved_usd: dollars(reserved),
            used_percentage: limit?.amount
              ? Math.round((1_000 * (spent + reserved)) / limit.amount) / 10
              : null,
          };
        }),
      tasks: tasks.items.map(taskOf),
      unreadable,
    },
    last: tasks.last,
  };
};

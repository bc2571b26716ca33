import { toProject, toRecord } from "../../../lib/adapters/dynamodb/records.ts";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import {
  type LedgerRecord,
  ledgerIds,
  spentAndReserved,
  type Waiter,
} from "../../../lib/domain/budget/ledger.ts";
import type { ReservedCall } from "../../../lib/domain/budget/model-call.ts";
import type { MicroDollars } from "../../../lib/domain/budget/money.ts";
import type { DynamoDB } from "./dynamodb/model.ts";
import { plain } from "./dynamodb/plain.ts";
import type { AttributeMap } from "./dynamodb/wire.ts";

type Transaction = {
  TransactItems: { Put?: { Item: AttributeMap } }[];
  ClientRequestToken: string;
};

/** A call whose money was reserved, by whatever ledger it lies in. */
export type Granted = ReservedCall & { pk: string };

/** A ledger, with the partition that tells whose it is. */
export type Ledger = LedgerRecord & { pk: string };

/** Whether a call counts in a ledger; a tenant's lie in a partition of their own. */
export const countsIn = ({ pk, ledger_id }: Ledger, call: Granted): boolean =>
  call.ledgers.includes(ledger_id) &&
  (call.pk === pk || (pk.endsWith("#LEDGERS") && call.pk.startsWith(pk.replace("LEDGERS", ""))));

const skOf = (item: AttributeMap) => String(item.sk?.S);

/** A limit as the ledger's id tells it: what a person has raised, or what is configured. */
const limitOf = (id: string, raised: Record<string, MicroDollars>, budgets: Budgets) => {
  if (id === "project") return raised["project:all"] ?? budgets.project;
  if (id.startsWith("task:")) return raised[id] ?? budgets.task;
  return id === "tenant" ? budgets.tenant : budgets.day;
};

/** Who left a line reserves its money in this time, if it still wants it. */
const wakeMs = 60_000;

/**
 * Whether only what other calls have reserved is in the way of the first in line.
 *
 * @param coming what those who left the line before may reserve next
 */
const hasToWait = ({ spend, reserved }: Ledger, first: Waiter, coming: MicroDollars): boolean => {
  const share = Math.min(first.maxCost, first.limit - spend.cost);
  const isAsked = !first.agreed && spend.cost + first.minCost >= 0.9 * first.limit;
  return !isAsked && share >= first.minCost && spend.cost + reserved + coming + share > first.limit;
};

/**
 * Sees every ledger that is written: a reservation leaves no event, so afterwards nobody could say which calls there were,
 * or whether their money was there when they got it.
 */
export const openLedgerWatch = (budgets: Budgets, now: () => number) => {
  const used = new Map<string, MicroDollars>();
  const open = new Map<string, Granted[]>();
  const granted = new Map<string, Granted>();
  const problems: string[] = [];
  const seen = new Set<string>();
  const lines = new Map<string, Waiter[]>();
  const leftLines: { name: string; task_id: string; maxCost: MicroDollars; at: number }[] = [];

  const note = ({ ledger_id, pk, open: calls }: Ledger) => {
    if (!ledger_id.startsWith("task:")) return;
    const own = calls.map((call) => ({ ...call, pk }));
    open.set(ledger_id, own);
    for (const call of own) granted.set(call.call_id, call);
  };

  const comingIn = (name: string): MicroDollars =>
    leftLines
      .filter((left) => left.name === name && now() - left.at < wakeMs)
      .filter(({ task_id }) => (open.get(ledgerIds.task(task_id)) ?? []).length === 0)
      .reduce((total, { maxCost }) => total + maxCost, 0);

  const lookAtLine = (name: string, ledger: Ledger) => {
    const ids = ledger.waiting.map(({ task_id }) => task_id);
    const left = (lines.get(name) ?? []).filter(({ task_id }) => !ids.includes(task_id));
    leftLines.push(...left.map(({ task_id, maxCost }) => ({ name, task_id, maxCost, at: now() })));
    lines.set(name, ledger.waiting);
    const [first] = ledger.waiting;
    if (first && !hasToWait(ledger, first, comingIn(name))) {
      problems.push(`${name}: ${first.task_id} waits, though it need not`);
    }
  };

  const look = (ledger: Ledger, raised: Record<string, MicroDollars>) => {
    const name = `${ledger.pk} ${ledger.ledger_id}`;
    const before = used.get(name) ?? 0;
    used.set(name, spentAndReserved(ledger));
    lookAtLine(name, ledger);
    const limit = limitOf(ledger.ledger_id, raised, budgets);
    if (spentAndReserved(ledger) > before && limit !== null && spentAndReserved(ledger) > limit) {
      problems.push(`${name}: ${spentAndReserved(ledger)} are spent or reserved of ${limit}`);
    }
    const own = [...open.values()].flat().filter((call) => countsIn(ledger, call));
    const right = own.reduce((total, { amount }) => total + amount, 0);
    if (ledger.reserved !== right) {
      problems.push(`${name}: ${ledger.reserved} are reserved, and ${right} by open calls`);
    }
  };

  /** A transaction that comes a second time changes nothing. */
  const lookAll = ({ TransactItems, ClientRequestToken }: Transaction) => {
    if (seen.has(ClientRequestToken)) return;
    seen.add(ClientRequestToken);
    const items = TransactItems.flatMap(({ Put }) => (Put ? [Put.Item] : []));
    const written = items
      .filter((item) => skOf(item).startsWith("LEDGER#"))
      .map((item): Ledger => ({ ...toRecord("ledgers", plain(item)), pk: String(item.pk?.S) }));
    const project = items.find((item) => skOf(item) === "PROJECT");
    if (written.length === 0 || !project) return;
    const { raised_limits } = toProject(plain(project));
    written.forEach(note);
    for (const ledger of written) look(ledger, raised_limits);
  };

  return {
    /** Every call that ever had its money, by its id. */
    granted,
    /** Tasks that were in a ledger's line and are not any more, with the instant in milliseconds. */
    leftLines,
    /** Ledgers that were not the sum of their open calls, or went over a limit. */
    problems,
    watch: (dynamodb: DynamoDB): DynamoDB => ({
      ...dynamodb,
      perform: async (operation, request) => {
        const answer = await dynamodb.perform(operation, request);
        if (operation === "TransactWriteItems") lookAll(request as Transaction);
        return answer;
      },
    }),
  };
};

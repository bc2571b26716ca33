import type { MigrationProgress } from "../../contracts/operations.ts";
import type { LedgerRecord } from "../../domain/budget/ledger.ts";
import type { ReservedCall } from "../../domain/budget/model-call.ts";
import {
  isBelievable,
  type LoggedCall,
  rebuildLedger,
} from "../../domain/budget/rebuild-ledger.ts";
import type { ProjectKey } from "../../domain/common.ts";

type Item = Record<string, unknown>;
type LedgerPlace = { tenant: string; project_id: string | null; ledger_id: string };

export type RepairDeps = {
  scanItems: (page: {
    start: MigrationProgress["next"];
    limit: number;
  }) => Promise<{ items: Item[]; next: MigrationProgress["next"] }>;
  /** Gives why the record of an item cannot be read; null when it can. */
  faultOf: (item: Item) => unknown;
  projectOf: (item: Item) => ProjectKey | null;
  ledgerOf: (item: Item) => LedgerPlace | null;
  readLoggedCalls: (key: ProjectKey) => Promise<LoggedCall[]>;
  readOpenCalls: (key: ProjectKey) => Promise<ReservedCall[]>;
  openCallsIn: (item: Item) => ReservedCall[];
  /** Gives false when the item has changed since it was read. */
  replaceLedger: (before: Item, ledger: LedgerRecord) => Promise<boolean>;
};

/** A record that cannot be read, and what became of it. */
export type RepairedRecord = {
  pk: string;
  sk: string;
  fault: unknown;
  /** `left`: it is no ledger, or this is a dry run; `changed`: somebody else has written it meanwhile. */
  outcome: "left" | "rebuilt" | "changed";
  /** The ledger as it is made anew; null for any other record. */
  ledger: LedgerRecord | null;
  /** Calls in the log whose cost cannot be: each counts with that of the dearest of the others. */
  doubted: number;
};

const pageSize = 200;

type Found = { broken: { item: Item; fault: unknown }[]; projects: ProjectKey[] };

const scan = async (deps: RepairDeps): Promise<Found> => {
  const found: Found = { broken: [], projects: [] };
  let start: MigrationProgress["next"] = null;
  do {
    const page = await deps.scanItems({ start, limit: pageSize });
    for (const item of page.items) {
      const fault = deps.faultOf(item);
      if (fault !== null) found.broken.push({ item, fault });
      const project = deps.projectOf(item);
      if (project) found.projects.push(project);
    }
    start = page.next;
  } while (start !== null);
  return found;
};

const rebuilt = async (
  deps: RepairDeps,
  item: Item,
  place: LedgerPlace,
  projects: readonly ProjectKey[],
) => {
  const own = projects.filter(
    ({ tenant, project_id }) =>
      tenant === place.tenant && (place.project_id === null || place.project_id === project_id),
  );
  const calls: LoggedCall[] = [];
  const open: ReservedCall[] = deps.openCallsIn(item);
  for (const key of own) {
    calls.push(...(await deps.readLoggedCalls(key)));
    open.push(...(await deps.readOpenCalls(key)));
  }
  const ledger = rebuildLedger(place.ledger_id, calls, open);
  return { ledger, doubted: calls.filter((call) => !isBelievable(call)).length };
};

/**
 * Finds all records that cannot be read, and makes the ledgers among them anew from the logs of their projects. No call of a model is
 * settled in a ledger that cannot be read, so nothing can change meanwhile that counts in it.
 *
 * @throws an error of the table
 */
export const repair = async (
  deps: RepairDeps,
  { dryRun }: { dryRun: boolean },
): Promise<RepairedRecord[]> => {
  const { broken, projects } = await scan(deps);
  const results: RepairedRecord[] = [];
  for (const { item, fault } of broken) {
    const place = deps.ledgerOf(item);
    const key = { pk: String(item.pk), sk: String(item.sk), fault };
    if (!place) {
      results.push({ ...key, outcome: "left", ledger: null, doubted: 0 });
      continue;
    }
    const made = await rebuilt(deps, item, place, projects);
    const written = dryRun ? null : await deps.replaceLedger(item, made.ledger);
    const outcome = written === null ? "left" : written ? "rebuilt" : "changed";
    results.push({ ...key, outcome, ...made });
  }
  return results;
};

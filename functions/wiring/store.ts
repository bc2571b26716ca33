import * as artifacts from "../../lib/adapters/dynamodb/artifacts.ts";
import * as breakers from "../../lib/adapters/dynamodb/breakers.ts";
import * as connections from "../../lib/adapters/dynamodb/connections.ts";
import { listDue } from "../../lib/adapters/dynamodb/due.ts";
import { readLog } from "../../lib/adapters/dynamodb/event-log.ts";
import * as idempotency from "../../lib/adapters/dynamodb/idempotency.ts";
import * as ledgers from "../../lib/adapters/dynamodb/ledgers.ts";
import { loadChange, loadMore } from "../../lib/adapters/dynamodb/load-change.ts";
import { digest } from "../../lib/adapters/dynamodb/pack.ts";
import * as projects from "../../lib/adapters/dynamodb/projects.ts";
import * as requests from "../../lib/adapters/dynamodb/requests.ts";
import type { Table } from "../../lib/adapters/dynamodb/table.ts";
import * as tasks from "../../lib/adapters/dynamodb/tasks.ts";
import { wasWritten, writeChange } from "../../lib/adapters/dynamodb/write-change.ts";
import type { Receipt } from "../../lib/contracts/idempotency.ts";
import type { Sealed } from "../../lib/domain/prepare-write.ts";

type Rest<F> = F extends (table: Table, ...rest: infer A) => infer R ? (...rest: A) => R : never;

/** Gives each function its first argument, the table. */
const bind = <F extends Record<string, (table: Table, ...rest: never[]) => unknown>>(
  table: Table,
  functions: F,
): { [K in keyof F]: Rest<F[K]> } =>
  Object.fromEntries(
    Object.entries(functions).map(([name, run]) => [
      name,
      (...rest: never[]) => run(table, ...rest),
    ]),
  ) as { [K in keyof F]: Rest<F[K]> };

const keptAnswers = (table: Table, now: () => Date) => ({
  claimKey: (receipt: Receipt) => idempotency.claimKey(table, receipt, now().getTime()),
  releaseKey: (receipt: Receipt) => idempotency.releaseKey(table, receipt),
  keepAnswer: (receipt: Receipt, body: unknown) =>
    idempotency.keepAnswer(table, receipt, body, now().getTime()),
});

const writing = (table: Table, now: () => Date) => ({
  write: (sealed: Sealed, kept?: { receipt: Receipt; body: unknown }) =>
    writeChange(
      table,
      sealed,
      /* guard: the answer is kept in the same transaction */ kept &&
        idempotency.receiptWrite(table, kept.receipt, kept.body, now().getTime()),
    ),
  wasWritten: (sealed: Sealed) => wasWritten(table, sealed),
});

/** Records of money spent and of providers' failures. */
const aboutModels = (table: Table) =>
  bind(table, {
    loadLedgers: ledgers.loadLedgers,
    listTaskLedgers: ledgers.listTaskLedgers,
    loadBreaker: breakers.loadBreaker,
    saveBreaker: breakers.saveBreaker,
  });

/** Opens all reads and writes of the two tables, by the names that use cases ask for. */
export const openStore = ({
  table,
  sockets,
  now,
}: {
  table: Table;
  sockets: Table;
  now: () => Date;
}) => {
  const { loadConnection, ...others } = bind(sockets, {
    saveConnection: connections.saveConnection,
    saveSubscription: connections.saveSubscription,
    loadConnection: connections.loadConnection,
    loadSubscription: connections.loadSubscription,
    subscribe: connections.subscribe,
    goLive: connections.goLive,
    unsubscribe: connections.unsubscribe,
    dropConnection: connections.dropConnection,
    listSubscriptions: connections.listSubscriptions,
  });
  return {
    digest,
    ...writing(table, now),
    ...keptAnswers(table, now),
    ...bind(table, {
      load: loadChange,
      loadMore,
      readLog,
      loadProject: projects.loadProject,
      listProjects: projects.listProjects,
      loadTask: tasks.loadTask,
      listTasks: tasks.listTasks,
      newestTasks: tasks.newestTasks,
      touchTask: tasks.touchTask,
      findRequest: requests.findRequest,
      loadRequest: requests.loadRequest,
      listRequests: requests.listRequests,
      listPending: requests.listPending,
      countPending: requests.countPending,
      findArtifact: artifacts.findArtifact,
      listArtifacts: artifacts.listArtifacts,
      keepContent: artifacts.keepContent,
      loadContents: artifacts.loadContents,
    }),
    ...aboutModels(table),
    ...others,
    loadConnection: (tenant: string, id: string) => loadConnection(tenant, id, now().toISOString()),
    listDue: (instant: string, limit: number) =>
      [table, sockets].flatMap((one) => listDue(one, instant, limit)),
  };
};

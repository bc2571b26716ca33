import * as artifacts from "../../lib/adapters/dynamodb/artifacts.ts";
import * as breakers from "../../lib/adapters/dynamodb/breakers.ts";
import * as callTranscripts from "../../lib/adapters/dynamodb/call-transcripts.ts";
import * as calls from "../../lib/adapters/dynamodb/calls.ts";
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
import { openWorkflows } from "../../lib/adapters/dynamodb/workflows.ts";
import { wasApplied, writeChange } from "../../lib/adapters/dynamodb/write-change.ts";
import type { IdempotencyKey } from "../../lib/contracts/idempotency.ts";
import type { Needs } from "../../lib/domain/change.ts";
import type { ProjectKey } from "../../lib/domain/common.ts";
import type { PreparedWrite } from "../../lib/domain/prepare-write.ts";
import type { Workflow } from "../../lib/domain/workflow/workflow.ts";

type Rest<F> = F extends (table: Table, ...rest: infer A) => infer R ? (...rest: A) => R : never;

/** Binds the first argument of each function, the table. */
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

const openIdempotency = (table: Table, now: () => Date) => ({
  claimKey: (idempotencyKey: IdempotencyKey) =>
    idempotency.claimKey(table, idempotencyKey, now().getTime()),
  releaseKey: (idempotencyKey: IdempotencyKey) => idempotency.releaseKey(table, idempotencyKey),
  storeResponse: (idempotencyKey: IdempotencyKey, body: unknown) =>
    idempotency.storeResponse(table, idempotencyKey, body, now().getTime()),
});

const openWrites = (table: Table, now: () => Date) => ({
  write: (
    prepared: PreparedWrite,
    storedResponse?: { idempotencyKey: IdempotencyKey; body: unknown },
  ) =>
    writeChange(
      table,
      prepared,
      /* guard: the answer is kept in the same transaction */ storedResponse &&
        idempotency.storedResponseWrite(
          table,
          storedResponse.idempotencyKey,
          storedResponse.body,
          now().getTime(),
        ),
    ),
  wasApplied: (prepared: PreparedWrite) => wasApplied(table, prepared),
});

/** Opens all reads and writes of the two tables, under the names that use cases use. */
export const openStore = ({
  table,
  sockets,
  now,
  workflows,
}: {
  table: Table;
  sockets: Table;
  now: () => Date;
  workflows: Readonly<Record<string, Workflow>>;
}) => {
  const { workflowOf, keepWorkflow } = openWorkflows(table, workflows);
  const { loadConnection, ...others } = bind(sockets, connections);
  const { loadTranscript, saveTranscript } = bind(table, callTranscripts);
  return {
    digest,
    workflowOf,
    keepWorkflow,
    load: (key: ProjectKey, needs: Needs) => loadChange(table, workflowOf, key, needs),
    ...openWrites(table, now),
    ...openIdempotency(table, now),
    ...bind(table, {
      loadMore,
      readLog,
      ...projects,
      ...tasks,
      ...requests,
      ...artifacts,
      ...ledgers,
      ...calls,
      ...breakers,
    }),
    ...others,
    saveTranscript,
    loadTranscript: (key: Parameters<typeof loadTranscript>[0]) =>
      loadTranscript(key, now().toISOString()),
    loadConnection: (tenant: string, id: string) => loadConnection(tenant, id, now().toISOString()),
    listDue: (instant: string, limit: number) =>
      [table, sockets].flatMap((one) => listDue(one, instant, limit)),
  };
};

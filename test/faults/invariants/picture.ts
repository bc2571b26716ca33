import { toEvents } from "../../../lib/adapters/dynamodb/event-items.ts";
import { keys } from "../../../lib/adapters/dynamodb/keys.ts";
import { digest, type Packed, unpack } from "../../../lib/adapters/dynamodb/pack.ts";
import { prefixOf, toProject, toRecord } from "../../../lib/adapters/dynamodb/records.ts";
import { type Change, startChange } from "../../../lib/domain/change.ts";
import type { Event } from "../../../lib/domain/events.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { kindOf, type RecordKind } from "../../../lib/domain/records.ts";
import { workflowNamed } from "../../support/builders.ts";
import { plain } from "../world/dynamodb/plain.ts";
import type { Ledger } from "../world/ledger-watch.ts";
import { connectionsTableName, tableName, type World } from "../world/open-world.ts";

type Item = Record<string, unknown>;

/** All that the table holds of one project. */
export type Picture = {
  change: Change;
  /** As they lie in the table. */
  events: Event[];
  /** Digest by the digest they are kept under. */
  contents: Map<string, string>;
  /** Digests that any version of an artifact names. */
  versions: { context_id: string; version: number; sha256: string; attempt: unknown }[];
};

/** The records of a kind among a project's items, by id. */
const byId = <K extends RecordKind>(kind: K, items: readonly Item[]) =>
  Object.fromEntries(
    items
      .filter(({ sk }) => String(sk).startsWith(prefixOf(kind)))
      .map((item) => toRecord(kind, item))
      .map((record) => [kindOf(kind).idOf(record), record]),
  );

const pictureOf = (items: readonly Item[], tenant: string, project: Item): Picture => {
  const pk = String(project.pk);
  const own = items.filter((item) => item.pk === pk);
  const of = (prefix: string) => own.filter(({ sk }) => String(sk).startsWith(prefix));
  const record = toProject(project);
  const contentPk = keys.content({ tenant, project_id: record.id }, "").pk;
  const versionOf = (item: Item) => {
    const { project_id, context_id, version, sha256, artifact_metadata } = toRecord(
      "artifacts",
      item,
    );
    const { attempt } = artifact_metadata;
    return project_id === record.id ? [{ context_id, version, sha256, attempt }] : [];
  };
  return {
    change: {
      ...startChange(tenant, record, workflowNamed(record.workflow)),
      tasks: byId("tasks", own),
      requests: byId("requests", own),
      artifacts: byId("artifacts", own),
      calls: byId("calls", own),
    },
    events: of("EVENT#")
      .toSorted((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1))
      .flatMap(toEvents),
    contents: new Map(
      items
        .filter((item) => item.pk === contentPk)
        .map(({ sk, body }) => [String(sk), digest(unpack(body as Packed) as Json).sha256]),
    ),
    versions: items.filter(({ sk }) => String(sk).startsWith("V#")).flatMap(versionOf),
  };
};

/** Everything in the two tables, read past the functions. */
export const readTables = ({ dynamodb, time }: Pick<World, "dynamodb" | "time">) => {
  const items = dynamodb.all(tableName).map(plain);
  const projects = items.filter(({ sk }) => sk === "PROJECT");
  return {
    items,
    pictures: projects.map((item) => pictureOf(items, String(item.pk).split("#")[1] ?? "", item)),
    ledgers: items
      .filter(({ sk }) => String(sk).startsWith("LEDGER#"))
      .map((item): Ledger => ({ ...toRecord("ledgers", item), pk: String(item.pk) })),
    due: items.filter(({ due }) => due !== undefined).map(({ pk, sk }) => `${pk} ${sk}`),
    /** A subscription that was written late, after its connection's end, goes by its time to live. */
    connections: dynamodb
      .all(connectionsTableName)
      .map(plain)
      .filter(({ sk, ttl }) => sk === "CONNECTION" || Number(ttl) * 1_000 > time.now())
      .map(({ pk, sk }) => `${pk} ${sk}`),
  };
};

import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "../../contracts/page.ts";
import type { ArtifactRecord } from "../../domain/artifact/artifact.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Json } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import { keys, versionPrefix } from "./keys.ts";
import { listRecords } from "./list-records.ts";
import { batchGet } from "./load-change.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { queryRange } from "./query.ts";
import { toRecord } from "./records.ts";
import type { Table } from "./table.ts";

const toArtifact = (item: Record<string, unknown>) => toRecord("artifacts", item);

/**
 * Stores a content under its digest, before the commit that makes it visible. The same content is always the same item, so
 * writing it twice, or from two processes at once, does no harm.
 */
export const keepContent = async (
  table: Table,
  key: ProjectKey,
  { sha256, content }: { sha256: string; content: Json },
): Promise<void> => {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...keys.content(key, sha256), body: pack(content) },
    }),
  );
};

/**
 * Loads contents by their digests. Contents never change, so an eventually consistent read comes first, which costs half. What
 * it does not find is read consistently. A content that is not stored is missing in the result.
 */
export const loadContents = async (
  table: Table,
  key: ProjectKey,
  digests: readonly string[],
): Promise<Map<string, Json>> => {
  const found = new Map<string, Json>();
  for (const consistent of [false, true]) {
    const missing = [...new Set(digests)].filter((sha256) => !found.has(sha256));
    const wanted = missing.map((sha256) => keys.content(key, sha256));
    for (const item of await batchGet(table, wanted, consistent)) {
      found.set(String(item.sk), unpack(item.body as Packed) as Json);
    }
  }
  return found;
};

const noSuchArtifact = (id: string) => new Problem("not-found", `There is no artifact ${id}.`);

/**
 * Finds an artifact by its id alone.
 *
 * @param version the version to find; undefined for the current one
 * @throws Problem `not-found` when there is no such artifact or version, or the artifact was deleted
 */
export const findArtifact = async (
  table: Table,
  tenant: string,
  id: string,
  version?: number,
): Promise<ArtifactRecord> => {
  const { items } = await queryRange(table, {
    pk: keys.version(tenant, id, 1).pk,
    prefix: versionPrefix,
    limit: 1,
    backwards: true,
  });
  const latest = items[0] && toArtifact(items[0]);
  if (!latest || latest.deleted) throw noSuchArtifact(id);
  if (version === undefined || version === latest.version) return latest;
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.version(tenant, id, version) }),
  );
  if (!Item) throw new Problem("not-found", `Artifact ${id} has no version ${version}.`);
  return toArtifact(Item);
};

/** Lists a project's artifacts in the order of their creation, without their contents. */
export const listArtifacts = (
  table: Table,
  key: ProjectKey,
  page: { after: string | null; limit: number },
): Promise<Page<ArtifactRecord>> => listRecords(table, "artifacts", key, page);

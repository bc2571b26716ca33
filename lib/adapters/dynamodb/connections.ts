import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Connection, Subscription } from "../../contracts/connection.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { dueShardOf, keys, subscriptionPrefix } from "./keys.ts";
import { queryAll } from "./query.ts";
import type { Table } from "./table.ts";

/** Most projects that one connection may watch. */
const maxSubscriptions = 100;

const ttlOf = ({ expires_at }: Connection) => Math.ceil(Date.parse(expires_at) / 1_000);

/** Stores a new connection with the projects that it watches. Its subscriptions are stored by `saveSubscription`. */
export const saveConnection = async (
  table: Table,
  connection: Connection,
  projects: readonly string[],
): Promise<void> => {
  const { tenant, connection_id, expires_at } = connection;
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: {
        ...keys.connection(tenant, connection_id),
        ...connection,
        ...(projects.length > 0 && { projects: new Set(projects) }),
        due: expires_at,
        due_shard: dueShardOf(connection_id),
        ttl: ttlOf(connection),
      },
    }),
  );
};

const connectionOf = (item: Record<string, unknown>): Connection => ({
  tenant: String(item.tenant),
  connection_id: String(item.connection_id),
  endpoint: String(item.endpoint),
  user_id: String(item.user_id),
  connected_at: String(item.connected_at),
  expires_at: String(item.expires_at),
});

const fromItem = (item: Record<string, unknown>) => ({
  connection: connectionOf(item),
  projects: [...((item.projects as Set<string> | undefined) ?? [])],
});

const subscriptionOf = (item: Record<string, unknown>): Subscription => ({
  ...connectionOf(item),
  project_id: String(item.project_id),
  event_types: (item.event_types as string[] | null | undefined) ?? null,
  replaying_until: (item.replaying_until as string | null | undefined) ?? null,
});

/** Loads a connection and the projects that it watches; null when the connection is unknown or its time is over. */
export const loadConnection = async (table: Table, tenant: string, id: string, now: string) => {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: keys.connection(tenant, id),
      ConsistentRead: true,
    }),
  );
  return Item && String(Item.expires_at) > now ? fromItem(Item) : null;
};

const exists = "attribute_exists(pk)";
const hasRoom =
  "attribute_not_exists(projects) OR size(projects) < :max OR contains(projects, :id)";

/** Adds a project to those that a connection watches, or removes it. Gives false when the condition does not hold. */
const changeProjects = async (
  table: Table,
  subscription: Pick<Subscription, "tenant" | "connection_id" | "project_id">,
  verb: "ADD" | "DELETE",
): Promise<boolean> => {
  const { tenant, connection_id, project_id } = subscription;
  const project = { ":project": new Set([project_id]) };
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.connection(tenant, connection_id),
        UpdateExpression: `${verb} projects :project`,
        ...(verb === "ADD"
          ? {
              ConditionExpression: `${exists} AND (${hasRoom})`,
              ExpressionAttributeValues: {
                ...project,
                ":id": project_id,
                ":max": maxSubscriptions,
              },
            }
          : { ConditionExpression: exists, ExpressionAttributeValues: project }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** Stores a subscription, without a check of its connection. */
export const saveSubscription = async (table: Table, subscription: Subscription): Promise<void> => {
  const { tenant, connection_id, project_id } = subscription;
  const key = keys.subscription({ tenant, project_id }, connection_id);
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...key, ...subscription, ttl: ttlOf(subscription) },
    }),
  );
};

const dropSubscription = async (
  table: Table,
  { tenant, project_id, connection_id }: ProjectKey & { connection_id: string },
) => {
  const Key = keys.subscription({ tenant, project_id }, connection_id);
  await table.client.send(new DeleteCommand({ TableName: table.name, Key }));
};

/**
 * Stores a subscription. Gives false, and leaves none behind, when the connection is gone or watches `maxSubscriptions`
 * projects.
 */
export const subscribe = async (table: Table, subscription: Subscription): Promise<boolean> => {
  const [added] = await Promise.all([
    changeProjects(table, subscription, "ADD"),
    saveSubscription(table, subscription),
  ]);
  if (!added) await dropSubscription(table, subscription);
  return added;
};

/** Deletes a subscription. */
export const unsubscribe = async (
  table: Table,
  subscription: ProjectKey & { connection_id: string },
): Promise<void> => {
  await Promise.all([
    changeProjects(table, subscription, "DELETE"),
    dropSubscription(table, subscription),
  ]);
};

/**
 * Ends the replay of a subscription, so that live frames are posted from now on. Gives false when the subscription is gone.
 */
export const goLive = async (table: Table, subscription: Subscription): Promise<boolean> => {
  const { connection_id } = subscription;
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.subscription(subscription, connection_id),
        UpdateExpression: "REMOVE replaying_until",
        ConditionExpression: "attribute_exists(pk)",
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/**
 * Deletes a connection and its subscriptions. With a `project_id` it also deletes the subscription to that project, which
 * may have outlived the connection.
 */
export const dropConnection = async (
  table: Table,
  {
    tenant,
    connection_id,
    project_id,
  }: Pick<Connection, "tenant" | "connection_id"> & {
    project_id?: string;
  },
): Promise<void> => {
  const { Attributes } = await table.client.send(
    new DeleteCommand({
      TableName: table.name,
      Key: keys.connection(tenant, connection_id),
      ReturnValues: "ALL_OLD",
    }),
  );
  const { projects } = fromItem(Attributes ?? {});
  const watched = new Set([...projects, ...(project_id ? [project_id] : [])]);
  await Promise.all(
    [...watched].map((id) => dropSubscription(table, { tenant, project_id: id, connection_id })),
  );
};

/** Lists the subscriptions to a project. The read is consistent: it sees every subscription that was written before. */
export const listSubscriptions = async (table: Table, key: ProjectKey): Promise<Subscription[]> => {
  const items = await queryAll(table, {
    KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
    ExpressionAttributeValues: { ":pk": keys.project(key).pk, ":prefix": subscriptionPrefix },
    ConsistentRead: true,
  });
  return items.map(subscriptionOf);
};

/** Loads a subscription; null when there is none. The read is eventually consistent. */
export const loadSubscription = async (
  table: Table,
  { connection_id, ...key }: ProjectKey & { connection_id: string },
): Promise<Subscription | null> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.subscription(key, connection_id) }),
  );
  return Item ? subscriptionOf(Item) : null;
};

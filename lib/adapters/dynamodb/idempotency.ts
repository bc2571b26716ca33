import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Earlier, Receipt } from "../../contracts/idempotency.ts";
import { isInTransaction } from "../errors.ts";
import { type Key, keys } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import type { Table } from "./table.ts";
import type { ReceiptWrite } from "./write-change.ts";

/** How long an answer is kept. */
const keptMs = 24 * 3_600_000;
/** A request that has not answered after this long is taken for dead, and its key may be used again. */
const lockMs = 30_000;

const keyOf = ({ tenant, user, key }: Receipt): Key => keys.idempotency(tenant, user, key);

const common = (receipt: Receipt, nowMs: number) => ({
  ...keyOf(receipt),
  owner: receipt.owner,
  fingerprint: receipt.fingerprint,
  expires_at: nowMs + keptMs,
  ttl: Math.ceil((nowMs + keptMs) / 1_000),
});

const readEarlier = async (table: Table, receipt: Receipt, nowMs: number): Promise<Earlier> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keyOf(receipt), ConsistentRead: true }),
  );
  const fingerprint = String(Item?.fingerprint ?? receipt.fingerprint);
  if (Item?.body) return { state: "done", fingerprint, body: unpack(Item.body as Packed) };
  const left = Number(Item?.locked_until ?? nowMs) - nowMs;
  return {
    state: "running",
    fingerprint,
    retry_after_seconds: Math.max(1, Math.ceil(left / 1_000)),
  };
};

/**
 * Takes the key for this request. Null when it is ours; otherwise what the earlier request came to. A key
 * whose holder died, or whose answer is older than a day, is taken over.
 */
export const claimKey = async (
  table: Table,
  receipt: Receipt,
  nowMs: number,
): Promise<Earlier | null> => {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...common(receipt, nowMs), locked_until: nowMs + lockMs },
        ConditionExpression:
          "attribute_not_exists(pk) OR expires_at < :now OR " +
          "(attribute_exists(locked_until) AND #owner = :owner) OR " +
          "locked_until < :now",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: {
          ":now": nowMs,
          ":owner": receipt.owner,
        },
      }),
    );
    return null;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || isInTransaction(error)) {
      return readEarlier(table, receipt, nowMs);
    }
    throw error;
  }
};

/** The answer as a write of the transaction that has the effect: both happen, or neither. */
export const receiptWrite = (
  table: Table,
  receipt: Receipt,
  body: unknown,
  nowMs: number,
): ReceiptWrite => ({
  TableName: table.name,
  Item: { ...common(receipt, nowMs), body: pack(body) },
  ConditionExpression: "#owner = :owner",
  ExpressionAttributeNames: { "#owner": "owner" },
  ExpressionAttributeValues: { ":owner": receipt.owner },
});

/** Keeps an answer that had no single transaction to go with. */
export const keepAnswer = async (table: Table, receipt: Receipt, body: unknown, nowMs: number) => {
  await table.client.send(new PutCommand(receiptWrite(table, receipt, body, nowMs)));
};

/** Gives the key back after a request that had no effect. */
export const releaseKey = async (table: Table, receipt: Receipt): Promise<void> => {
  await table.client
    .send(
      new DeleteCommand({
        TableName: table.name,
        Key: keyOf(receipt),
        ConditionExpression: "#owner = :owner AND attribute_exists(locked_until)",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": receipt.owner },
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
};

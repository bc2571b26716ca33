import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { IdempotencyKey, StoredResponse } from "../../contracts/idempotency.ts";
import { isInTransaction } from "../errors.ts";
import { type Key, keys } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import type { Table } from "./table.ts";
import type { StoredResponseWrite } from "./write-change.ts";

/** How long an answer is kept. */
const storedMs = 24 * 3_600_000;
/** A request that has not answered after this long is taken for dead, and its key may be used again. */
const lockMs = 30_000;

const keyOf = ({ tenant, user, key }: IdempotencyKey): Key => keys.idempotency(tenant, user, key);

const itemFields = (idempotencyKey: IdempotencyKey, nowMs: number) => ({
  ...keyOf(idempotencyKey),
  owner: idempotencyKey.owner,
  fingerprint: idempotencyKey.payloadHash,
  expires_at: nowMs + storedMs,
  ttl: Math.ceil((nowMs + storedMs) / 1_000),
});

const readStoredResponse = async (
  table: Table,
  idempotencyKey: IdempotencyKey,
  nowMs: number,
): Promise<StoredResponse> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keyOf(idempotencyKey), ConsistentRead: true }),
  );
  const fingerprint = String(Item?.fingerprint ?? idempotencyKey.payloadHash);
  if (Item?.body)
    return { state: "done", payloadHash: fingerprint, body: unpack(Item.body as Packed) };
  const left = Number(Item?.locked_until ?? nowMs) - nowMs;
  return {
    state: "running",
    payloadHash: fingerprint,
    retry_after_seconds: Math.max(1, Math.ceil(left / 1_000)),
  };
};

// A key is free when any of these holds:

/** Nobody has used it, or its holder has given it back. */
const isUnused = "attribute_not_exists(pk)";
/** What it holds is older than a day; DynamoDB deletes such items when it likes. */
const isOutOfDate = "expires_at < :now";
/** This very request took it, and has not answered: the SDK sent the claim twice, its first answer was lost. */
const isOwnClaim = "(attribute_exists(locked_until) AND #owner = :owner)";
/** Its holder has not answered in time and is taken for dead. An answered key has no lock. */
const isAbandoned = "locked_until < :now";

const isFree = [isUnused, isOutOfDate, isOwnClaim, isAbandoned].join(" OR ");

/**
 * Takes the key for this request. Null when it is ours; otherwise what the earlier request came to.
 *
 *     unused ── claim ──> locked by owner ── answer ──> done ─────────────────────> free again
 *        ^                  │          │                 (the same answer for all)    expires_at
 *        │                  │          └─ 30 s without an answer ──> abandoned        24 h after the claim,
 *        └── release ───────┘             locked_until               free again       or after the answer
 *            (no effect)
 *
 *     time of the claim      a claim by the same owner    by another request with the same key
 *     before locked_until    ours: isOwnClaim             refused: state "running"
 *     after locked_until     ours: isAbandoned            ours: isAbandoned; the first one's late answer fails
 *     after the answer       refused: state "done"        refused: state "done"
 *     after expires_at       ours: isOutOfDate            ours: isOutOfDate
 *
 * The late answer of an owner that was taken over fails on `#owner = :owner`, and the transaction of its effect with it.
 */
export const claimKey = async (
  table: Table,
  idempotencyKey: IdempotencyKey,
  nowMs: number,
): Promise<StoredResponse | null> => {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...itemFields(idempotencyKey, nowMs), locked_until: nowMs + lockMs },
        ConditionExpression: isFree,
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: {
          ":now": nowMs,
          ":owner": idempotencyKey.owner,
        },
      }),
    );
    return null;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || isInTransaction(error)) {
      return readStoredResponse(table, idempotencyKey, nowMs);
    }
    throw error;
  }
};

/** The answer as a write of the transaction that has the effect: both happen, or neither. */
export const storedResponseWrite = (
  table: Table,
  idempotencyKey: IdempotencyKey,
  body: unknown,
  nowMs: number,
): StoredResponseWrite => ({
  TableName: table.name,
  Item: { ...itemFields(idempotencyKey, nowMs), body: pack(body) },
  ConditionExpression: "#owner = :owner",
  ExpressionAttributeNames: { "#owner": "owner" },
  ExpressionAttributeValues: { ":owner": idempotencyKey.owner },
});

/** Keeps an answer that had no single transaction to go with. */
export const storeResponse = async (
  table: Table,
  idempotencyKey: IdempotencyKey,
  body: unknown,
  nowMs: number,
) => {
  await table.client.send(new PutCommand(storedResponseWrite(table, idempotencyKey, body, nowMs)));
};

/** Gives the key back after a request that had no effect. */
export const releaseKey = async (table: Table, idempotencyKey: IdempotencyKey): Promise<void> => {
  await table.client
    .send(
      new DeleteCommand({
        TableName: table.name,
        Key: keyOf(idempotencyKey),
        ConditionExpression: "#owner = :owner AND attribute_exists(locked_until)",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": idempotencyKey.owner },
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
};

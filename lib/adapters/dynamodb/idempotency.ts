import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { IdempotencyKey, StoredResponse } from "../../contracts/idempotency.ts";
import { isInTransaction } from "../errors.ts";
import { type Key, keys } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import type { Table } from "./table.ts";
import type { StoredResponseWrite } from "./write-change.ts";

/** How long a response is stored. */
const storedMs = 24 * 3_600_000;
/** After this time a request without a response is taken for dead, and its key may be claimed again. */
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
  const payloadHash = String(Item?.fingerprint ?? idempotencyKey.payloadHash);
  if (Item?.body) return { state: "done", payloadHash, body: unpack(Item.body as Packed) };
  const left = Number(Item?.locked_until ?? nowMs) - nowMs;
  return {
    state: "running",
    payloadHash,
    retry_after_seconds: Math.max(1, Math.ceil(left / 1_000)),
  };
};

// A key is free when any of these holds:

/** True when no request has claimed the key, or its owner has released it. */
const isUnused = "attribute_not_exists(pk)";
/** True when the stored response is older than a day. DynamoDB may delete such items later. */
const isOutOfDate = "expires_at < :now";
/** True when this same request has claimed it: the SDK sent the claim twice, because the first answer was lost. */
const isOwnClaim = "(attribute_exists(locked_until) AND #owner = :owner)";
/** True when its owner has not responded in time and is taken for dead. A key with a response has no lock. */
const isAbandoned = "locked_until < :now";

const isFree = [isUnused, isOutOfDate, isOwnClaim, isAbandoned].join(" OR ");

/**
 * Claims the key for this request. Gives null when the claim succeeded; otherwise the state of the earlier request.
 *
 *     unused ── claim ──> locked by owner ── response ──> done ───────────────────> free again
 *        ^                  │          │                   (same response for all)    expires_at
 *        │                  │          └─ 30 s without a response ──> abandoned       24 h after the claim,
 *        └── release ───────┘             locked_until                free again      or after the response
 *            (no effect)
 *
 *     time of the claim      a claim by the same owner    by another request with the same key
 *     before locked_until    ours: isOwnClaim             refused: state "running"
 *     after locked_until     ours: isAbandoned            ours: isAbandoned; the first one's late response fails
 *     after the response     refused: state "done"        refused: state "done"
 *     after expires_at       ours: isOutOfDate            ours: isOutOfDate
 *
 * When another request has taken the key over, the late response of the first owner fails on `#owner = :owner`, and with it the
 * transaction of its effect.
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

/** Makes the write of the response. It goes into the transaction of the effect, so that both happen or neither. */
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

/**
 * Stores a response that does not belong to one transaction.
 *
 * @throws ConditionalCheckFailedException when another request has taken the key over
 */
export const storeResponse = async (
  table: Table,
  idempotencyKey: IdempotencyKey,
  body: unknown,
  nowMs: number,
) => {
  await table.client.send(new PutCommand(storedResponseWrite(table, idempotencyKey, body, nowMs)));
};

/** Releases the key after a request that had no effect. Does nothing when the key has a response or another owner. */
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

import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { CallTranscript } from "../../domain/budget/call-record.ts";
import { type ProjectKey, shorten } from "../../domain/common.ts";
import { keys } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import type { Table } from "./table.ts";

/**
 * Bytes of a packed transcript. An item takes 400 KB.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const maxPackedBytes = 380_000;

/** Characters of each text in a transcript: the first of these with which it fits is used. */
const textLengths = [Number.POSITIVE_INFINITY, 100_000, 20_000, 4_000, 800, 100];

const bytesOf = (packed: Packed): number =>
  typeof packed === "string" ? Buffer.byteLength(packed) : packed.length;

const withTextsOf = (content: unknown, maxCharacters: number): unknown =>
  JSON.parse(
    JSON.stringify(content, (_, value: unknown) =>
      typeof value === "string" ? shorten(value, maxCharacters) : value,
    ),
  );

/** Packs a transcript, with its long texts truncated as far as it needs; null when it is too large even then. */
const packTranscript = (content: unknown): Packed | null => {
  for (const length of textLengths) {
    const packed = pack(withTextsOf(content, length));
    if (bytesOf(packed) <= maxPackedBytes) return packed;
  }
  return null;
};

/** Stores the transcript of a model call. DynamoDB deletes it some days after it has expired. */
export const saveTranscript = async (
  table: Table,
  key: ProjectKey,
  { task_id, call_id, expires_at, content }: CallTranscript,
): Promise<void> => {
  const body = packTranscript(content);
  if (body === null) return;
  const ttl = Math.ceil(Date.parse(expires_at) / 1_000);
  const Item = { ...keys.transcript(key, task_id, call_id), expires_at, ttl, body };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
};

/** Loads the transcript of a model call; null when none was kept, or it has expired at `now`. */
export const loadTranscript = async (
  table: Table,
  key: ProjectKey & { task_id: string; call_id: string },
  now: string,
): Promise<CallTranscript | null> => {
  const { task_id, call_id } = key;
  const Key = keys.transcript(key, task_id, call_id);
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
  if (!Item || String(Item.expires_at) <= now) return null;
  const content = unpack(Item.body as Packed);
  return { task_id, call_id, expires_at: String(Item.expires_at), content };
};

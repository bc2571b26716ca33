import { applyUpdates, Refusal, readExpressions } from "./expressions.ts";
import type { Records } from "./records.ts";
import type { AttributeMap, Write } from "./wire.ts";

export type WriteKind = "Put" | "Update" | "Delete" | "ConditionCheck";

export type Tables = (name: string) => Records;

const keyOf = ({ Item, Key }: Pick<Write, "Item" | "Key">): [string, string] => {
  const { pk, sk } = Key ?? Item ?? {};
  return [String(pk?.S), String(sk?.S)];
};

type Result = { before: AttributeMap | undefined; apply: () => void };

const nextItem = (kind: WriteKind, write: Write, before: AttributeMap | undefined) => {
  if (kind === "Put") return write.Item;
  if (kind === "Delete") return undefined;
  return applyUpdates(before ?? write.Key ?? {}, readExpressions(write).updates);
};

/**
 * Checks a write against the table; `apply` carries it out.
 *
 * @throws Refusal when its condition does not hold
 */
export const prepareWrite = (tables: Tables, kind: WriteKind, write: Write): Result => {
  const records = tables(write.TableName);
  const [pk, sk] = keyOf(write);
  const before = records.get(pk, sk);
  if (!readExpressions(write).condition(before ?? {})) {
    throw new Refusal("ConditionalCheckFailedException", "The conditional request failed");
  }
  if (kind === "ConditionCheck") return { before, apply: () => undefined };
  const item = nextItem(kind, write, before);
  return { before, apply: () => records.put(pk, sk, item) };
};

type Transaction = {
  TransactItems: Partial<Record<WriteKind, Write>>[];
  ClientRequestToken?: string;
};

type Attempt = { code: string; message?: string; apply: () => void };

const attempt = (tables: Tables, item: Partial<Record<WriteKind, Write>>): Attempt => {
  const [[kind, write] = []] = Object.entries(item) as [WriteKind, Write][];
  try {
    return { code: "None", apply: prepareWrite(tables, kind as WriteKind, write as Write).apply };
  } catch (error) {
    if (!(error instanceof Refusal) || error.name !== "ConditionalCheckFailedException")
      throw error;
    return { code: "ConditionalCheckFailed", message: error.message, apply: () => undefined };
  }
};

const requireDistinct = (items: Transaction["TransactItems"]) => {
  const names = items.flatMap((item) =>
    Object.values(item).map((write) => [write.TableName, ...keyOf(write)].join(" ")),
  );
  if (new Set(names).size === names.length && names.length <= 100) return;
  throw new Refusal("ValidationException", "More than 100 items, or one of them twice");
};

/** Why a transaction was refused, one code per item. */
export const cancelled = (codes: readonly string[]) =>
  new Refusal("TransactionCanceledException", `Transaction cancelled [${codes.join(", ")}]`, {
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** All writes or none. A token that has been seen answers as the first time did, and does nothing. */
export const transact = (tables: Tables, tokens: Set<string>, request: Transaction): object => {
  const { TransactItems, ClientRequestToken } = request;
  if (ClientRequestToken && tokens.has(ClientRequestToken)) return {};
  requireDistinct(TransactItems);
  const attempts = TransactItems.map((item) => attempt(tables, item));
  const codes = attempts.map(({ code }) => code);
  if (codes.some((code) => code !== "None")) throw cancelled(codes);
  for (const { apply } of attempts) apply();
  if (ClientRequestToken) tokens.add(ClientRequestToken);
  return {};
};

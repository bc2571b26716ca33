import type { Operation, Store } from "dynalite/db/index.js";
import { errorName, requestError, validationError } from "./aws-error.ts";
import { addUp, type TransactionCapacity, wantsCapacity } from "./capacity.ts";
import type { Gate } from "./gate.ts";
import type { Tokens } from "./idempotency.ts";
import { prepare } from "./prepare.ts";
import { requireDistinctItems, requireTransactionSize } from "./tables.ts";
import type { ConsumedCapacity, WriteParams } from "./wire.ts";
import { bufferWrites } from "./write-buffer.ts";

/** Dynalite's action for each kind of write. A check runs as a delete whose writes are dropped. */
const actions = {
  Put: "putItem",
  Update: "updateItem",
  Delete: "deleteItem",
  ConditionCheck: "deleteItem",
} as const;
type Kind = keyof typeof actions;

export type TransactWriteRequest = {
  TransactItems?: Partial<Record<Kind, WriteParams>>[];
  ClientRequestToken?: string;
  ReturnConsumedCapacity?: string;
};

type Step = { kind: Kind; params: WriteParams; run: ReturnType<typeof prepare> };
type Reason = { Code: string; Message?: string; Item?: unknown };
type Outcome = { reason: Reason; operations: Operation[]; capacity?: ConsumedCapacity };

const isKind = (name: string | undefined): name is Kind =>
  name !== undefined && Object.hasOwn(actions, name);

const prepareStep = (store: Store, item: Partial<Record<Kind, WriteParams>>): Step => {
  const [entry, ...others] = Object.entries(item).filter(([, params]) => params);
  const kind = entry?.[0];
  if (!entry || others.length > 0 || !isKind(kind))
    throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
  const params = entry[1];
  if (kind === "ConditionCheck" && !params.ConditionExpression)
    throw validationError(
      "The parameter 'ConditionExpression' is required but was not present in the request",
    );
  const counted = { ...params, ReturnConsumedCapacity: "TOTAL" };
  return { kind, params, run: prepare(store, actions[kind], counted) };
};

/** Makes the cancellation reason of a failed condition, or of an update that cannot be applied. Throws any other error again. */
const reasonOf = (error: unknown, params: WriteParams, oldItem: unknown): Reason => {
  const Message = error instanceof Error ? error.message : String(error);
  const name = errorName(error);
  if (name === "ValidationException") return { Code: "ValidationError", Message };
  if (name !== "ConditionalCheckFailedException") throw error;
  const shown = params.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && oldItem;
  return { Code: "ConditionalCheckFailed", Message, ...(shown ? { Item: oldItem } : {}) };
};

const runStep = async (store: Store, { kind, params, run }: Step): Promise<Outcome> => {
  const buffer = bufferWrites(store);
  try {
    const answer = (await run(buffer.store)) as { ConsumedCapacity: ConsumedCapacity };
    return {
      reason: { Code: "None" },
      operations: kind === "ConditionCheck" ? [] : buffer.operations,
      capacity: answer.ConsumedCapacity,
    };
  } catch (error) {
    return { reason: reasonOf(error, params, buffer.oldItem()), operations: [] };
  }
};

const cancelled = (reasons: Reason[]) =>
  requestError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((r) => r.Code).join(", ")}]`,
    { CancellationReasons: reasons },
  );

/**
 * Runs each write against a buffer while no other call runs, then writes one LevelDB batch or nothing.
 *
 * @throws TransactionCanceledException when a condition failed or an update cannot be applied
 * @throws ValidationException when the request is not valid, or names one item twice
 * @throws IdempotentParameterMismatchException when its token belongs to another request
 */
export const transactWrite = async (
  { store, gate, tokens }: { store: Store; gate: Gate; tokens: Tokens },
  request: TransactWriteRequest,
): Promise<{ ConsumedCapacity?: TransactionCapacity[] }> => {
  const { ClientRequestToken: token, ...content } = request;
  const items = request.TransactItems ?? [];
  requireTransactionSize(items.length);
  const steps = items.map((item) => prepareStep(store, item));
  return gate.alone(async () => {
    if (tokens.isDone(token, content)) return {};
    await requireDistinctItems(
      store,
      steps.map((step) => step.params),
    );
    const outcomes: Outcome[] = [];
    for (const step of steps) outcomes.push(await runStep(store, step));
    const reasons = outcomes.map((outcome) => outcome.reason);
    if (reasons.some((reason) => reason.Code !== "None")) throw cancelled(reasons);
    await store.db.batch(outcomes.flatMap((outcome) => outcome.operations));
    tokens.remember(token, content);
    return wantsCapacity(request)
      ? {
          ConsumedCapacity: addUp(
            outcomes.map((outcome) => outcome.capacity),
            "write",
          ),
        }
      : {};
  });
};

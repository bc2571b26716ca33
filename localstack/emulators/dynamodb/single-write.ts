import type { Callback, Store } from "dynalite/db/index.js";
import { errorName, isAwsError } from "./aws-error.ts";
import type { Gate } from "./gate.ts";
import { prepare } from "./prepare.ts";
import type { WriteParams } from "./wire.ts";
import { bufferWrites } from "./write-buffer.ts";

/**
 * Does PutItem, UpdateItem and DeleteItem, with two features that dynalite lacks. The item and its index entries are written in
 * one batch, so that a killed process never leaves half a write. A failed condition can return the old item.
 *
 * @throws ConditionalCheckFailedException when the condition fails, ValidationException when the request is not valid
 */
export const singleWrite = async (
  store: Store,
  gate: Gate,
  action: string,
  params: WriteParams,
) => {
  const run = prepare(store, action, params);
  const buffer = bufferWrites(store);
  const flush = (done: Callback) =>
    void store.db.batch(buffer.operations).then(() => done(null), done);
  const onlyThisItem: Store = {
    ...buffer.store,
    getItemDb: (table) => {
      const kept = buffer.store.getItemDb(table);
      return {
        ...kept,
        lock: store.getItemDb(table).lock,
        // dynalite writes the item after its index entries
        put: (key, value, done) => kept.put(key, value, () => flush(done)),
        del: (key, done) => kept.del(key, () => flush(done)),
      };
    },
  };
  try {
    return await gate.shared(() => run(onlyThisItem));
  } catch (error) {
    const oldItem = buffer.oldItem();
    const wanted = params.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && oldItem;
    if (wanted && isAwsError(error) && errorName(error) === "ConditionalCheckFailedException")
      error.body.Item = oldItem;
    throw error;
  }
};

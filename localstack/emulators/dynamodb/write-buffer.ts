import type { AttributeMap, Operation, Store, SubDb } from "dynalite/db/index.js";

export type Buffered = {
  store: Store;
  /** The collected writes, for one LevelDB batch. */
  operations: Operation[];
  /** The item as it was before the action. */
  oldItem: () => AttributeMap | undefined;
};

/** Opens a store that reads from the real one, and collects its writes. It does not lock: the caller must hold the lock. */
export const bufferWrites = (store: Store): Buffered => {
  const operations: Operation[] = [];
  let oldItem: AttributeMap | undefined;
  const keepBack = (db: SubDb, prefix: string): SubDb => ({
    lock: (_key, run) => run((done) => done),
    get: (key, done) =>
      db.get(key, (error, item) => {
        oldItem = item;
        done(error, item);
      }),
    put: (key, value, done) => {
      operations.push({ type: "put", key: prefix + key, value });
      done(null);
    },
    del: (key, done) => {
      operations.push({ type: "del", key: prefix + key });
      done(null);
    },
  });
  return {
    store: {
      ...store,
      getItemDb: (table) => keepBack(store.getItemDb(table), `item-${table}~`),
      getIndexDb: (kind, table, index) =>
        keepBack(
          store.getIndexDb(kind, table, index),
          `index-${kind.toLowerCase()}~${table}~${index}~`,
        ),
    },
    operations,
    oldItem: () => oldItem,
  };
};

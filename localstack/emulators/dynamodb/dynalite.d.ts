/** Types for the used parts of dynalite 4.0.0, which has none. Its HTTP server is not used: see start-dynamodb.ts. */

declare module "dynalite/db/index.js" {
  /** An item or a key, as in a request: `{ "pk": { "S": "a" } }`. */
  export type AttributeMap = Record<string, Record<string, unknown>>;

  export type Table = { TableStatus: string; KeySchema: { AttributeName: string }[] };

  export type Callback<T = void> = (error: unknown, value?: T) => void;

  /** `lock` of the npm package of that name: runs when the key is free, until the released callback is called. */
  export type Lock = (
    key: string,
    run: (release: <C extends (...args: never[]) => void>(done: C) => C) => void,
  ) => void;

  /** One entry of a LevelDB batch. */
  export type Operation =
    | { type: "put"; key: string; value: AttributeMap }
    | { type: "del"; key: string };

  /** One table's items, or the entries of one of its indexes: a prefix of the one LevelDB. */
  export type SubDb = {
    lock: Lock;
    get(key: string, done: Callback<AttributeMap>): void;
    put(key: string, value: AttributeMap, done: Callback): void;
    del(key: string, done: Callback): void;
  };

  /** Dynalite wraps put, get, del and batch of the database; without a callback they give promises. */
  export type Database = {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    del(key: string): Promise<void>;
    batch(operations: readonly Operation[]): Promise<void>;
  };

  export type Store = {
    readonly db: Database;
    /** @param checkStatus a table that is being created or deleted isn't found */
    getTable(name: string, checkStatus: boolean, done: Callback<Table>): void;
    getItemDb(table: string): SubDb;
    getIndexDb(kind: string, table: string, index: string): SubDb;
  };

  export const matchesExprFilter: (item: AttributeMap, expression: unknown) => boolean;

  export const create: (options: {
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
    path?: string;
  }) => Store;
}

declare module "dynalite/validations/index.js" {
  import type { Store } from "dynalite/db/index.js";

  /** Parses the expressions of a request into `_condition`, `_keyCondition` and `_updates`; a text is the error. */
  export const validateExpressions: (data: Record<string, unknown>) => string | undefined;
  export const checkTypes: (params: unknown, types: unknown) => unknown;
  export const checkValidations: (
    data: unknown,
    types: unknown,
    custom: unknown,
    store: Store,
  ) => void;
  export const toLowerFirst: (operation: string) => string;
}

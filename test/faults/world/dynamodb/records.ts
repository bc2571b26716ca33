import type { AttributeMap } from "./wire.ts";

/** An item as it is, and as a reader that lags still sees it. */
type Row = { item: AttributeMap | undefined; before: AttributeMap | undefined; changedAt: number };

export type IndexKeys = Readonly<Record<string, { hash: string; range: string }>>;

type Options = { indexes: IndexKeys; now: () => number; lagMs: () => number };

const text = (item: AttributeMap, name: string) => String(item[name]?.S);

const group = <T>(groups: Map<string, Set<T>>, name: string): Set<T> => {
  const found = groups.get(name) ?? new Set<T>();
  groups.set(name, found);
  return found;
};

/** The items of one table, their indexes, and what those show that lag behind. */
export const openRecords = ({ indexes, now, lagMs }: Options) => {
  const partitions = new Map<string, Map<string, Row>>();
  const entries = new Map<string, Set<Row>>();

  const partition = (pk: string): Map<string, Row> => {
    const found = partitions.get(pk) ?? new Map<string, Row>();
    partitions.set(pk, found);
    return found;
  };

  const enlist = (row: Row, item: AttributeMap) => {
    for (const [index, { hash }] of Object.entries(indexes))
      if (item[hash]) group(entries, `${index} ${text(item, hash)}`).add(row);
  };

  const late = (row: Row): AttributeMap | undefined =>
    now() < row.changedAt + lagMs() ? row.before : row.item;

  const put = (pk: string, sk: string, item: AttributeMap | undefined) => {
    const rows = partition(pk);
    const row = rows.get(sk) ?? { item: undefined, before: undefined, changedAt: 0 };
    row.before = row.item;
    row.item = item;
    row.changedAt = now();
    rows.set(sk, row);
    if (item) enlist(row, item);
  };

  const get = (pk: string, sk: string, consistent = true): AttributeMap | undefined => {
    const row = partitions.get(pk)?.get(sk);
    return row && (consistent ? row.item : late(row));
  };

  /** The items of a partition, by their sort keys. */
  const list = (pk: string): AttributeMap[] =>
    [...(partitions.get(pk)?.entries() ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, { item }]) => (item ? [item] : []));

  /** The entries of one partition of an index, by its range key; what is in no index any more is forgotten. */
  const listIndex = (index: string, value: string): AttributeMap[] => {
    const { hash = "", range = "" } = indexes[index] ?? {};
    const rows = group(entries, `${index} ${value}`);
    const isIn = (item: AttributeMap | undefined) => item?.[hash]?.S === value && item[range];
    const found: AttributeMap[] = [];
    for (const row of rows) {
      const item = late(row);
      if (item && isIn(item)) found.push(item);
      else if (!isIn(row.item)) rows.delete(row);
    }
    return found.sort((a, b) => (text(a, range) < text(b, range) ? -1 : 1));
  };

  const all = (): AttributeMap[] =>
    [...partitions.values()].flatMap((rows) =>
      [...rows.values()].flatMap(({ item }) => (item ? [item] : [])),
    );

  return { put, get, list, listIndex, all };
};

export type Records = ReturnType<typeof openRecords>;

/** A page of a list. The next page starts after `last`, which is null on the last page. */
export type Page<T, Position = string> = { items: T[]; last: Position | null };

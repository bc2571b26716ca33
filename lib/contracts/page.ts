/** A page of a list; `last` is the position to go on after, null at the end. */
export type Page<T, Position = string> = { items: T[]; last: Position | null };

/** A page of a list; `last` is the id to go on after, null at the end. */
export type Page<T> = { items: T[]; last: string | null };

/** One more entry than wanted was asked for: it tells whether the list goes on. */
export const cut = <T>(entries: readonly T[], limit: number): { page: T[]; more: boolean } => ({
  page: entries.slice(0, limit),
  more: entries.length > limit,
});

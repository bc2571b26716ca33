/** One more entry than wanted was asked for: it tells whether the list goes on. */
export const splitPage = <T>(
  entries: readonly T[],
  limit: number,
): { page: T[]; more: boolean } => ({
  page: entries.slice(0, limit),
  more: entries.length > limit,
});

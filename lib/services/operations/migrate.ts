import type { MigrationProgress } from "../../contracts/operations.ts";

type Item = Record<string, unknown>;

export type MigrateDeps = {
  /** Names the migration to today's versions. Each migration has its own progress. */
  name: string;
  loadProgress: (name: string) => Promise<MigrationProgress | null>;
  saveProgress: (name: string, progress: MigrationProgress) => Promise<void>;
  scanItems: (page: {
    start: MigrationProgress["next"];
    limit: number;
  }) => Promise<{ items: Item[]; next: MigrationProgress["next"] }>;
  /** Gives the item in today's shape; null when it has that already. */
  modernize: (item: Item) => Item | null;
  /** Gives false when the item has changed since it was read. */
  rewrite: (before: Item, after: Item) => Promise<boolean>;
  now: () => Date;
};

export type MigrateOptions = {
  /** Only counts what would be rewritten. */
  dryRun: boolean;
  /** Items read in one step. */
  pageSize: number;
  /** Pages after which to stop. The next run continues from there. */
  maxPages: number;
  onPage?: (progress: MigrationProgress) => unknown;
};

const begin = (now: string): MigrationProgress => ({
  state: "running",
  next: null,
  scanned: 0,
  rewritten: 0,
  started_at: now,
  updated_at: now,
});

const rewritePage = async (deps: MigrateDeps, items: readonly Item[], dryRun: boolean) => {
  let rewritten = 0;
  for (const item of items) {
    const modern = deps.modernize(item);
    if (modern && (dryRun || (await deps.rewrite(item, modern)))) rewritten += 1;
  }
  return rewritten;
};

const step = async (
  deps: MigrateDeps,
  before: MigrationProgress,
  { dryRun, pageSize }: MigrateOptions,
): Promise<MigrationProgress> => {
  const { items, next } = await deps.scanItems({ start: before.next, limit: pageSize });
  const rewritten = await rewritePage(deps, items, dryRun);
  return {
    ...before,
    next,
    state: next ? "running" : "done",
    scanned: before.scanned + items.length,
    rewritten: before.rewritten + rewritten,
    updated_at: deps.now().toISOString(),
  };
};

/**
 * Rewrites the items that older versions of the code have stored, page by page. It may be stopped at any point: the
 * progress is stored in the table after each page. An item that changes meanwhile is not rewritten: whoever changed it
 * wrote it in today's shape.
 *
 * @throws an error of the table
 */
export const migrate = async (
  deps: MigrateDeps,
  options: MigrateOptions,
): Promise<MigrationProgress> => {
  const saved = options.dryRun ? null : await deps.loadProgress(deps.name);
  let progress = saved ?? begin(deps.now().toISOString());
  for (let page = 0; page < options.maxPages && progress.state === "running"; page += 1) {
    progress = await step(deps, progress, options);
    if (!options.dryRun) await deps.saveProgress(deps.name, progress);
    options.onPage?.(progress);
  }
  return progress;
};

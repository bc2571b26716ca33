import { mkdir } from "node:fs/promises";
import { create, type Store } from "dynalite/db/index.js";

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "LEVEL_LOCKED") || isLocked(error.cause));

/**
 * Opens the database.
 *
 * @param path its directory; without it, the data are in memory
 * @throws Error when another process uses the directory
 */
export const openStore = async (path?: string): Promise<Store> => {
  if (path !== undefined) await mkdir(path, { recursive: true });
  const store = create({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(path === undefined ? {} : { path }),
  });
  try {
    await store.db.open();
  } catch (error) {
    if (!isLocked(error)) throw error;
    throw new Error(`The data directory ${path} is in use by another process`, { cause: error });
  }
  return store;
};

import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

const SETTLE_MS = 100;
const isSource = (file: string) => /^[^.#].*\.(ts|json|md|ya?ml)$/.test(file);

const subdirectories = (directory: string) => {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(directory, entry.name));
  } catch {
    return undefined;
  }
};

/**
 * Calls when something under the trees, or one of the files, has changed. It watches directories: a watched file that an
 * editor replaces is lost.
 *
 * @param watched.files names in the current directory
 */
export const watchSources = (
  watched: { trees: readonly string[]; files: readonly string[] },
  changed: (file: string) => void,
) => {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const settle = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE_MS, file);
  };
  const add = (directory: string, filter: (file: string) => boolean) => {
    if (watchers.has(directory)) return;
    const watcher = watch(directory, (_event, file) => {
      if (file && filter(file)) settle(join(directory, file));
    });
    watcher.on("error", () => watcher.close());
    watchers.set(directory, watcher);
  };
  const addTree = (directory: string) => {
    const inner = subdirectories(directory);
    if (!inner) return;
    add(directory, (file) => {
      if (!isSource(file)) addTree(join(directory, file));
      return isSource(file);
    });
    inner.forEach(addTree);
  };
  watched.trees.forEach(addTree);
  if (watched.files.length > 0) add(".", (file) => watched.files.includes(file));
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
};

import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

const SETTLE_MS = 100;
const isSource = (file: string) => /^[^.#].*\.(ts|json|md|ya?ml|html|css)$/.test(file);

/** Undefined for what is no folder, or gone. */
const entriesOf = (directory: string) => {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return undefined;
  }
};

const holdsSource = (directory: string): boolean =>
  (entriesOf(directory) ?? []).some((entry) =>
    entry.isDirectory() ? holdsSource(join(directory, entry.name)) : isSource(entry.name),
  );

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
  /** What is gone may come back under the same name, and is then to be watched again. */
  const forget = (directory: string) => {
    watchers.get(directory)?.close();
    watchers.delete(directory);
  };
  const addTree = (directory: string) => {
    const inner = entriesOf(directory);
    if (!inner) {
      forget(directory);
      return;
    }
    add(directory, (file) => {
      if (!isSource(file)) addNew(join(directory, file));
      return isSource(file);
    });
    for (const { name } of inner.filter((entry) => entry.isDirectory()))
      addTree(join(directory, name));
  };
  /** A folder that appears may hold files before anybody watches it. */
  const addNew = (directory: string) => {
    const isKnown = watchers.has(directory);
    addTree(directory);
    if (!isKnown && holdsSource(directory)) settle(directory);
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

import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

const DEBOUNCE_MS = 100;
const isSource = (file: string) => /^[^.#].*\.(ts|json|md|ya?ml|html|css)$/.test(file);

/** Lists a folder; undefined when it is no folder or does not exist. */
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
 * Calls `changed` when a source file in one of the trees, or one of the files, has changed. It watches directories, because a
 * watch on a file ends when an editor replaces the file.
 *
 * @param watched.files names in the current directory
 */
export const watchSources = (
  watched: { trees: readonly string[]; files: readonly string[] },
  changed: (file: string) => void,
) => {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const reportSoon = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(changed, DEBOUNCE_MS, file);
  };
  const add = (directory: string, filter: (file: string) => boolean) => {
    if (watchers.has(directory)) return;
    const watcher = watch(directory, (_event, file) => {
      if (file && filter(file)) reportSoon(join(directory, file));
    });
    watcher.on("error", () => watcher.close());
    watchers.set(directory, watcher);
  };
  /** Stops watching a folder that is gone. It is watched again when it comes back. */
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
  /** Watches a new folder. It may hold files already: these count as a change. */
  const addNew = (directory: string) => {
    const isKnown = watchers.has(directory);
    addTree(directory);
    if (!isKnown && holdsSource(directory)) reportSoon(directory);
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

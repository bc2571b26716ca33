import { DefinitionName } from "../domain/common.ts";
import type { Report } from "./mistakes.ts";
import { type Entry, entriesOf } from "./read-file.ts";
import { snakeCase } from "./schema.ts";

/** A definition's name and place. `path` is a file, or a folder of several files. */
export type NamedEntry = { name: string; path: string; isFolder: boolean };

const badName =
  "The name must have at most 40 lower case letters, digits, - and _, and begin with a letter";

const nameOf = ({ name, isFolder }: Entry): string | null => {
  if (isFolder) return snakeCase(name);
  return name.endsWith(".md") ? snakeCase(name.slice(0, -".md".length)) : null;
};

const nameProblem = (
  name: string | null,
  seen: ReadonlyMap<string, string>,
  reserved: readonly string[],
) => {
  if (name === null) return "Is neither a folder nor a .md file";
  if (!DefinitionName.safeParse(name).success) return badName;
  if (reserved.includes(name)) return `The name ${name} is reserved`;
  return seen.has(name) ? `The name ${name} is also that of ${seen.get(name)}` : null;
};

/** Lists the definitions in `folder`: one for each folder or file in it. Reports wrong names. */
export const nameEntries = (
  root: string,
  { folder, reserved }: { folder: string; reserved: readonly string[] },
  report: Report,
): NamedEntry[] => {
  const seen = new Map<string, string>();
  return entriesOf(root, folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    const name = nameOf(entry);
    const reason = nameProblem(name, seen, reserved);
    if (reason || name === null) {
      report({ file: path, field: "", reason: reason ?? badName });
      return [];
    }
    seen.set(name, path);
    return [{ name, path, isFolder: entry.isFolder }];
  });
};

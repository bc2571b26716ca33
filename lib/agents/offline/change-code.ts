import type { SourceCode } from "../contents/source-code.ts";
import type { CodeFile } from "./code-files.ts";
import { oneLine } from "./text.ts";

export type CodeChange = SourceCode["changes"][number];

/** The files of a version, and the changes that led to it. */
export type CodeVersion = { files: CodeFile[]; changes: CodeChange[] };

const checksPath = "src/checks.ts";

const isCode = ({ path }: CodeFile) => path.endsWith(".ts") && path !== checksPath;

/** Adds a name to the import from checks.ts, or the import itself. */
const importCheck = (content: string, check: string): string => {
  const found = /^import \{ (.+) \} from "\.\/checks\.ts";$/m.exec(content);
  const names = [...new Set([...(found?.[1]?.split(", ") ?? []), check])].sort();
  const line = `import { ${names.join(", ")} } from "./checks.ts";`;
  return found ? content.replace(found[0], line) : `${line}\n${content}`;
};

const isCheck = (line: string) => /^ {2}\w+\(call\);$/.test(line);

/** Adds a call of a check to the function of a requirement, after the checks at its beginning. */
const guard = (file: CodeFile, requirement: string, check: string): CodeFile => {
  const lines = file.content.split("\n");
  const comment = lines.findIndex((line) => line.startsWith(`/** ${oneLine(requirement)}: `));
  const start = lines.findIndex((line, index) => index > comment && line.endsWith("=> {"));
  const end = lines.findIndex((line, index) => index > start && !isCheck(line));
  const call = `  ${check}(call);`;
  if (!isCode(file) || comment < 0 || start < 0) return file;
  if (lines.slice(start, end).includes(call)) return file;
  return { ...file, content: importCheck(lines.toSpliced(end, 0, call).join("\n"), check) };
};

const defineCheck = (
  files: readonly CodeFile[],
  check: { name: string; source: string },
): CodeFile[] => {
  const existing = files.find(({ path }) => path === checksPath);
  const content = existing?.content ?? 'import type { Call } from "./store.ts";\n';
  if (content.includes(`const ${check.name} `)) return [...files];
  const file = { path: checksPath, language: "typescript", content: `${content}\n${check.source}` };
  return [...files.filter(({ path }) => path !== checksPath), file];
};

export type CheckedFiles = {
  files: CodeFile[];
  /** Paths of the files whose functions changed. */
  changed: string[];
};

/** Adds a check to the functions of requirements. It edits the files' text, so that changes by people stay. */
export const addCheck = (
  files: readonly CodeFile[],
  requirements: readonly string[],
  check: { name: string; source: string },
): CheckedFiles => {
  const guarded = files.map((file) =>
    requirements.reduce((result, id) => guard(result, id, check.name), file),
  );
  const changed = guarded.filter((file, index) => file !== files[index]).map(({ path }) => path);
  return changed.length > 0
    ? { files: defineCheck(guarded, check), changed }
    : { files: [...files], changed };
};

/** Adds a file, in the place of one with the same path. */
export const putFile = (files: readonly CodeFile[], file: CodeFile): CodeFile[] => [
  ...files.filter(({ path }) => path !== file.path),
  file,
];

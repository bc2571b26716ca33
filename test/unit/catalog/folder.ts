import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

type Files = Record<string, string | undefined>;

const put = (root: string, files: Files) => {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
};

const opened = (root: string) => ({
  root,
  [Symbol.dispose]: () => rmSync(root, { recursive: true }),
});

/** A folder of its own with these files. */
export const folderOf = (files: Files) => {
  const root = mkdtempSync(join(tmpdir(), "definitions-"));
  put(root, files);
  return opened(root);
};

/** The definitions that come with the code, and these files beside them. */
export const withBuiltIns = (files: Files) => {
  const root = mkdtempSync(join(tmpdir(), "definitions-"));
  for (const folder of ["agents", "workflows"])
    cpSync(join("lib/catalog", folder), join(root, folder), { recursive: true });
  put(root, files);
  return opened(root);
};

/** A definition file with these lines of front matter. */
export const aFile = (lines: readonly string[], text = "Do what is to be done.") =>
  `---\n${lines.join("\n")}\n---\n\n${text}\n`;

export const agentLines = [
  "role: Does it",
  "responsibilities: [Do it]",
  "expected_outputs: [agent_output]",
];
export const stepLines = ["name: Do It", "phase: plan", "agent: doer", "output: agent_output"];

/** The least that is accepted. */
export const least: Files = {
  "agents/doer/agent.md": aFile(agentLines),
  "workflows/sdlc/workflow.md": aFile([]),
  "workflows/sdlc/01-do-it.md": aFile(stepLines),
};

import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };
export type Template = { Resources: Record<string, Resource>; Outputs: Record<string, unknown> };
export type Packaged = { directory: string; template: Template; output: string };
type Output = { stdout: string; stderr: string };

/** Runs a script with this Node, and without any variable of AWS. */
export const runNode = async (
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> => {
  const env = { PATH: process.env.PATH, HOME: tmpdir(), ...options.env };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    ...options,
    env,
  }).catch((error: Output) => Promise.reject(new Error(error.stdout + error.stderr)));
  return stdout + stderr;
};

/** Packages below `root` in a directory of its own, so that no run meets another's dist/ or .serverless/. */
export const packageStage = async (root: string, stage: string): Promise<Packaged> => {
  const directory = join(root, stage);
  await linkProject(directory);
  const command = ["node_modules/serverless/bin/serverless.js", "package", "--stage", stage];
  const output = await runNode(command, { cwd: directory });
  const file = join(directory, ".serverless/cloudformation-template-update-stack.json");
  const template = JSON.parse(await fs.readFile(file, "utf8")) as Template;
  return { directory, template, output };
};

/** Folders as links; files as copies, because serverless takes no link for its serverless.yml. */
const linkProject = async (directory: string): Promise<void> => {
  await fs.mkdir(directory);
  for (const entry of await fs.readdir(".", { withFileTypes: true })) {
    const [from, to] = [join(process.cwd(), entry.name), join(directory, entry.name)];
    if (entry.isFile()) await fs.copyFile(from, to);
    else if (![".git", ".serverless", "dist"].includes(entry.name)) await fs.symlink(from, to);
  }
};

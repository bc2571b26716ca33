import { execFile } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

type Environment = Record<string, string>;
type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };
export type Template = { Resources: Record<string, Resource>; Outputs: Record<string, unknown> };
export type Packaged = { directory: string; template: Template; output: string };
type Output = { stdout: string; stderr: string };

/** Runs this Node in a directory, without any variable of AWS but those given. */
const runNode = async (cwd: string, args: string[], given: Environment = {}): Promise<string> => {
  const env = { PATH: process.env.PATH, HOME: tmpdir(), ...given };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd, env }).catch(
    (error: Output) => Promise.reject(new Error(error.stdout + error.stderr)),
  );
  return stdout + stderr;
};

/** Packages below `root` in a directory of its own, so that no run meets another's dist/ or .serverless/. */
export const packageStage = async (root: string, stage: string): Promise<Packaged> => {
  const directory = join(root, stage);
  await linkProject(directory);
  const command = ["node_modules/serverless/bin/serverless.js", "package", "--stage", stage];
  const output = await runNode(directory, command);
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

/** Runs a script that finds the functions' modules in `bundles`, away from any node_modules. */
export const runBundles = async (
  { directory }: Packaged,
  names: readonly string[],
  script: string,
  environment: Environment,
): Promise<void> => {
  const alone = await fs.mkdtemp(join(directory, "..", "alone-"));
  await fs.cp(join(directory, "dist"), alone, { recursive: true });
  const imports = names.map((name) => `await import("${alone}/${name}/index.mjs")`);
  const code = `import assert from "node:assert"; const bundles = [${imports}]; ${script}`;
  const env = { ...environment, AWS_REGION: "eu-west-1" };
  await runNode(alone, ["--input-type=module", "-e", code], env);
};

/** A server that answers every AWS call with an empty object, and keeps what it was sent. */
export const startServer = async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, answer) => {
    seen.push(headers);
    answer.setHeader("content-type", "application/x-amz-json-1.0").end("{}");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

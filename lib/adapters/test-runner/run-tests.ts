import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { casesOf } from "./report.ts";
import { permissionFlag, type RunLimits, runNode } from "./run-node.ts";
import { reporter, runnerFor } from "./runner-files.ts";

type File = { path: string; content: string };
type RunCase = { name: string; passed: boolean; message: string };

type ProgramRun =
  | { kind: "ran"; command: string; node: string; durationMs: number; cases: RunCase[] }
  | { kind: "not_run"; reason: string };

/** A run takes 0.3 s on an idle machine. */
const usualLimits: RunLimits = { timeoutMs: 20_000, maxOutputBytes: 1_000_000 };

const safePath = /^(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)+$/;

const notRun = (reason: string): ProgramRun => ({ kind: "not_run", reason });

const writeAll = async (folder: string, files: readonly File[]): Promise<void> => {
  for (const { path, content } of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
};

const testsIn = (files: readonly File[]): string[] =>
  files.map(({ path }) => path).filter((path) => /^test\/[\w-]+\.test\.js$/.test(path));

type Place = { folder: string; permission: string; signal: AbortSignal };

const runIn = async (
  place: Place,
  files: readonly File[],
  limits: RunLimits,
): Promise<ProgramRun> => {
  const { folder, permission } = place;
  const tests = testsIn(files);
  const own = [
    { path: "run-tests.mjs", content: runnerFor(tests) },
    { path: "report-tests.mjs", content: reporter },
  ];
  await writeAll(folder, [...files, ...own]);
  const start = performance.now();
  const ended = await runNode({ ...place, ...limits });
  const durationMs = Math.round(performance.now() - start);
  if (ended.problem) return notRun(ended.problem);
  const cases = casesOf(ended.output);
  if (!cases) return notRun(`Node ended with code ${ended.code}: ${ended.errors || "no words"}`);
  const command = `node ${permission}, on ${tests.join(", ")}`;
  return { kind: "ran", command, node: process.versions.node, durationMs, cases };
};

/**
 * Runs a program's tests with Node in a new temporary folder, which is removed afterwards. Node's permission model gives it that
 * folder alone: no other files, no child processes, workers or addons (https://nodejs.org/api/permissions.html). The environment
 * is empty. The network stays open to it, so the caller gives it only code that it knows.
 *
 * @returns why nothing was run, where this Node has no permission model, the run took too long, or said too much
 * @throws the signal's reason when the run is aborted; Error when the folder cannot be written
 */
export const runTests = async (
  files: readonly File[],
  signal: AbortSignal,
  limits: RunLimits = usualLimits,
): Promise<ProgramRun> => {
  const permission = permissionFlag();
  if (!permission) return notRun(`Node ${process.versions.node} has no permission model`);
  const odd = files.find(({ path }) => !safePath.test(path) && !path.endsWith(".md"));
  if (odd) return notRun(`the path ${JSON.stringify(odd.path)} is not one of a program`);
  signal.throwIfAborted();
  const folder = await realpath(await mkdtemp(join(tmpdir(), "botarmy-tests-")));
  try {
    const wanted = files.filter(({ path }) => safePath.test(path));
    return await runIn({ folder, permission, signal }, wanted, limits);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

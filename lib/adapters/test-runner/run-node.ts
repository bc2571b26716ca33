import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What a run may take at most. */
export type RunLimits = { timeoutMs: number; maxOutputBytes: number };

type NodeRun = RunLimits & { folder: string; permission: string; signal: AbortSignal };

/** How Node ended. `problem`: why its output says nothing. */
type NodeEnd = { code: number | null; output: string; errors: string; problem: string | null };

/** Most characters of its error output that are kept. */
const maxErrors = 300;

/** Gives this Node's flag for its permission model (https://nodejs.org/api/permissions.html): Node 20 has an older one. */
export const permissionFlag = (): string | undefined =>
  ["--permission", "--experimental-permission"].find((flag) =>
    process.allowedNodeEnvironmentFlags.has(flag),
  );

const argumentsOf = ({ folder, permission }: NodeRun): string[] => [
  permission,
  `--allow-fs-read=${join(folder, "*")}`,
  `--allow-fs-write=${join(folder, "*")}`,
  // From Node 25 on, the model closes the network as well; the programs' tests call their own server.
  ...(process.allowedNodeEnvironmentFlags.has("--allow-net") ? ["--allow-net"] : []),
  "--disallow-code-generation-from-strings",
  "--max-old-space-size=128",
  "--no-warnings",
  "--test-reporter=./report-tests.mjs",
  "--test-reporter-destination=stdout",
  "run-tests.mjs",
];

/** Collects what a stream gives; calls `onTooMuch` when that is more than `max` bytes. */
const collect = (stream: NodeJS.ReadableStream, max: number, onTooMuch: () => void) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= max) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks).toString("utf8");
};

const ending = async (child: ChildProcess): Promise<number | null> => {
  const [code] = await once(child, "close");
  return typeof code === "number" ? code : null;
};

/**
 * Runs the module run-tests.mjs of a folder, with the permissions of that folder alone and an empty environment. It
 * ends the process when the time is over, or when it prints too much.
 *
 * @throws the signal's reason when the run is aborted; Error when Node cannot be started
 */
export const runNode = async (run: NodeRun): Promise<NodeEnd> => {
  const { folder, timeoutMs, maxOutputBytes, signal } = run;
  signal.throwIfAborted();
  const child = spawn(process.execPath, argumentsOf(run), {
    cwd: folder,
    env: {},
    stdio: ["ignore", "pipe", "pipe"],
  });
  let problem: string | null = null;
  const end = (why: string) => {
    problem ??= why;
    child.kill("SIGKILL");
  };
  const onAbort = () => end("the run was aborted");
  const timer = setTimeout(() => end(`it took longer than ${timeoutMs / 1_000} s`), timeoutMs);
  signal.addEventListener("abort", onAbort);
  try {
    const tooMuch = () => end(`it printed more than ${maxOutputBytes} bytes`);
    const output = collect(child.stdout, maxOutputBytes, tooMuch);
    const errors = collect(child.stderr, maxOutputBytes, tooMuch);
    const code = await ending(child);
    signal.throwIfAborted();
    return { code, output: output(), errors: errors().trim().slice(0, maxErrors), problem };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
};

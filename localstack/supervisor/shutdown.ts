import { exitWithParent } from "./parent.ts";

/**
 * Runs the clean-up once, at the first signal or when the parent process ends, and exits. A second signal exits at once.
 *
 * @returns a function that does the same, with an exit code
 */
export const onShutdown = (cleanUp: () => Promise<void>) => {
  let stopping = false;
  const shutDown = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await cleanUp();
    process.exit(code);
  };
  const onSignal = () => (stopping ? process.exit(1) : void shutDown(0));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  exitWithParent(() => void shutDown(0));
  return shutDown;
};

import { exitWithParent } from "./parent.ts";

/**
 * Runs the clean-up once, at the first signal or when the parent dies, and exits; a second signal exits at once.
 *
 * @returns the same for the program's own use
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

/** Runs a command; what it throws becomes one line and exit code 1. */
export const run = async (command: () => Promise<unknown>) => {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
};

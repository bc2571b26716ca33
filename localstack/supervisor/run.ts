/** Runs a command. When it throws, the message is printed in one line and the exit code is 1. */
export const run = async (command: () => Promise<unknown>) => {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
};

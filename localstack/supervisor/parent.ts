const CHECK_MS = 300;

/**
 * Calls once when the process that started this one has died: npm's SIGTERM reaches only its shell.
 *
 * @param parent its process id, when it may have died already
 */
export const exitWithParent = (gone: () => void, parent = process.ppid) => {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, CHECK_MS);
  timer.unref();
};

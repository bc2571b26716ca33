const CHECK_MS = 300;

/** Calls once when the process that started this one has died: npm's SIGTERM reaches only its shell. */
export const exitWithParent = (gone: () => void) => {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, CHECK_MS);
  timer.unref();
};

const CHECK_MS = 300;

/**
 * Calls `gone` once when the parent process has ended. A signal is not enough: npm sends SIGTERM only to the shell between npm
 * and this process.
 *
 * @param parent the parent's process id; give it when the parent may have ended already
 */
export const exitWithParent = (gone: () => void, parent = process.ppid) => {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, CHECK_MS);
  timer.unref();
};

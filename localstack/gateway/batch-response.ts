const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The list of a partial batch response; undefined when the answer says that all is done; null when it is malformed. */
const reportedFailures = (answer: unknown): unknown[] | undefined | null => {
  if (answer === null || answer === undefined || answer === "") return undefined;
  if (!isObject(answer)) return null;
  const list = answer.batchItemFailures;
  if (list === null || list === undefined) return undefined;
  return Array.isArray(list) ? list : null;
};

/**
 * Which messages of a batch stay on the queue, as Lambda reads a function's answer under ReportBatchItemFailures:
 * nothing, no list or an empty one, all is done; a malformed list or an unknown id, the whole batch has failed.
 */
export const failedMessageIds = (answer: unknown, messageIds: readonly string[]): Set<string> => {
  const list = reportedFailures(answer);
  if (list === undefined) return new Set();
  const all = new Set(messageIds);
  const failed = (list ?? [undefined]).map((entry) =>
    isObject(entry) && typeof entry.itemIdentifier === "string" ? entry.itemIdentifier : "",
  );
  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
};

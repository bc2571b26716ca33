const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Gives the failures of a partial batch response; undefined when all messages are done; null when the list is malformed. */
const reportedFailures = (answer: unknown): unknown[] | undefined | null => {
  if (answer === null || answer === undefined || answer === "") return undefined;
  if (!isObject(answer)) return null;
  const list = answer.batchItemFailures;
  if (list === null || list === undefined) return undefined;
  return Array.isArray(list) ? list : null;
};

/**
 * Tells which messages of a batch stay on the queue, as Lambda does with ReportBatchItemFailures. Without an
 * answer or a list, or with an empty list, all messages are done. With a malformed list or an unknown id, all have failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
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

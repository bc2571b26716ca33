/** The ids by which the log lines of one piece of work are found, as far as they are known. */
export type LogKeys = {
  /** Of the request that caused the work, through queues and follow-ups. */
  correlation_id?: string;
  /** Of the invocation of the function that writes the line. */
  function_request_id?: string;
  message_id?: string;
  tenant?: string;
  project_id?: string;
  task_id?: string;
};

/** Runs `work`; each log line written in it carries `keys` and those of the work around it. */
export type WithLogKeys = <T>(keys: LogKeys, work: () => T) => T;

/** Adds keys that became known to the innermost `withKeys`; outside of one it does nothing. */
export type AppendLogKeys = (keys: LogKeys) => void;

type WriteLine = (text: string, fields?: Record<string, unknown>) => void;

/** Structured log lines that carry the ids of the work that writes them. */
export type Log = {
  info: WriteLine;
  warn: WriteLine;
  error: WriteLine;
  withKeys: WithLogKeys;
  appendKeys: AppendLogKeys;
};

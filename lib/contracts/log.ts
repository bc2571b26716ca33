/** The ids by which the log lines of one piece of work can be found, as far as they are known. */
export type LogKeys = {
  /** The id of the request that caused the work. Queues and follow-ups pass it on. */
  correlation_id?: string;
  /** The id of the invocation that writes the line, as Lambda gives it. */
  function_request_id?: string;
  message_id?: string;
  tenant?: string;
  project_id?: string;
  task_id?: string;
};

/** Runs `work`. Each log line that it writes has `keys` and the keys of the work around it. */
export type WithLogKeys = <T>(keys: LogKeys, work: () => T) => T;

/** Adds keys to the innermost `withKeys` that runs. Outside of one it does nothing. */
export type AppendLogKeys = (keys: LogKeys) => void;

type WriteLine = (text: string, fields?: Record<string, unknown>) => void;

/** Writes structured log lines with the ids of the work that writes them. */
export type Log = {
  info: WriteLine;
  warn: WriteLine;
  error: WriteLine;
  withKeys: WithLogKeys;
  appendKeys: AppendLogKeys;
};

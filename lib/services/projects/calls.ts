import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import type { CallRecord, CallTranscript } from "../../domain/budget/call-record.ts";
import { dollars } from "../../domain/budget/money.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { eachPage, truncatePage } from "../page.ts";
import type { LoadProject } from "../reads.ts";
import { csvLine } from "./csv.ts";

type PageQuery = { after: string | null; limit: number };

export type ListCallsDeps = {
  loadTask: (key: ProjectKey, id: string) => Promise<TaskRecord>;
  listCalls: (key: ProjectKey & { task_id: string }, page: PageQuery) => Promise<Page<CallRecord>>;
};

export type ExportCallsDeps = {
  loadProject: LoadProject;
  listProjectCalls: (key: ProjectKey, page: PageQuery) => Promise<Page<CallRecord>>;
};

const shownOf = ({ cost, rev, ...call }: CallRecord) => ({ ...call, cost_usd: dollars(cost) });

/**
 * Lists the settled model calls of a task in the order in which they were made, with what providers said about failures.
 *
 * @throws Problem `not-found`
 */
export const listTaskCalls = async (
  deps: ListCallsDeps,
  { tenant }: Call,
  { project_id, task_id, ...page }: PageQuery & { project_id: string; task_id: string },
) => {
  const key = { tenant, project_id };
  const [found] = await Promise.all([
    deps.listCalls({ ...key, task_id }, page),
    deps.loadTask(key, task_id),
  ]);
  const { items, last } = truncatePage(found, ({ call_id }) => call_id);
  return { items: items.map(shownOf), last };
};

export type CallTranscriptsDeps = {
  loadTranscript: (
    key: ProjectKey & { task_id: string; call_id: string },
  ) => Promise<CallTranscript | null>;
};

/**
 * Gives what was sent in a model call and what came back.
 *
 * @throws Problem `not-found` when no transcript was kept, or it has expired
 */
export const getTranscript = async (
  { loadTranscript }: CallTranscriptsDeps,
  { tenant }: Call,
  named: { project_id: string; task_id: string; call_id: string },
): Promise<CallTranscript> => {
  const transcript = await loadTranscript({ tenant, ...named });
  if (transcript) return transcript;
  throw new Problem("not-found", `There is no transcript of the call ${named.call_id}.`);
};

const pageSize = 1_000;
/** Bytes of a file: in base64 it has to fit a Lambda response. */
const maxFileBytes = 4_000_000;

const tooLarge = () =>
  new Problem("too-large", "The project has more calls of models than one file holds.", {
    extensions: { max_bytes: maxFileBytes },
  });

/** The columns of the file, in their order. `said` is for operators only, and is not among them. */
const columns = [
  "started_at",
  "task_id",
  "call_id",
  "attempt",
  "agent_type",
  "provider",
  "model",
  "purpose",
  "outcome",
  "error_code",
  "duration_ms",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
  "estimated",
  "estimated_because",
  "price",
  "cost_usd",
] as const;

/**
 * Writes the settled model calls of a project as CSV, one row a call, task by task.
 *
 * @throws Problem `not-found`; `too-large` for a file of more than 4 MB, which is about 12 000 calls
 */
export const exportCalls = async (
  deps: ExportCallsDeps,
  { tenant }: Call,
  { project_id }: { project_id: string },
) => {
  const key = { tenant, project_id };
  await deps.loadProject(key);
  const lines = [csvLine(columns)];
  let bytes = 0;
  for await (const calls of eachPage((after) =>
    deps.listProjectCalls(key, { after, limit: pageSize }),
  )) {
    const rows = calls.map(shownOf).map((call) => csvLine(columns.map((name) => call[name])));
    bytes += Buffer.byteLength(rows.join(""));
    if (bytes > maxFileBytes) throw tooLarge();
    lines.push(...rows);
  }
  return { file_name: `usage-${project_id}.csv`, data: Buffer.from(lines.join("")) };
};

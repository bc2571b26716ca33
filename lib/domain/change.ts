import type { ArtifactRecord } from "./artifact/artifact.ts";
import type { LedgerRecord } from "./budget/ledger.ts";
import type { Moment } from "./common.ts";
import { type EventDraft, projectEvent, taskEvent, type WorkflowMoment } from "./events.ts";
import { type AgentActivity, type AgentType, statusOf } from "./project/agent.ts";
import { moveProject, type ProjectMove, type ProjectRecord } from "./project/project.ts";
import type { RequestRecord } from "./request/request.ts";
import { isOpen, type TaskRecord } from "./task/task.ts";

/**
 * What is known of a project, and what one commit makes of it. A decision takes a change and gives the next
 * one; the commit writes what was touched, with its events, in one transaction.
 */
export type Change = {
  readonly tenant: string;
  readonly project: ProjectRecord;
  readonly tasks: Readonly<Record<string, TaskRecord>>;
  readonly requests: Readonly<Record<string, RequestRecord>>;
  readonly artifacts: Readonly<Record<string, ArtifactRecord>>;
  readonly ledgers: Readonly<Record<string, LedgerRecord>>;
  /** Ids of the tasks, requests, artifacts and ledgers that have to be written. */
  readonly touched: ReadonlySet<string>;
  readonly events: readonly EventDraft[];
};

/** A pure edit, from one change to the next. */
export type Edit = (change: Change) => Change;

/** What becomes of a task, decided when it is read. */
export type TaskEdit = (task: TaskRecord, moment: Moment) => Edit;

/** Ids of what a decision looks at, beside the project. */
export type Needs = {
  tasks?: readonly string[] | undefined;
  requests?: readonly string[] | undefined;
  artifacts?: readonly string[] | undefined;
  /** What does not exist yet is an empty ledger. */
  ledgers?: readonly string[] | undefined;
};

export const startChange = (tenant: string, project: ProjectRecord): Change => ({
  tenant,
  project,
  tasks: {},
  requests: {},
  artifacts: {},
  ledgers: {},
  touched: new Set(),
  events: [],
});

/** Applies edits from left to right. */
export const apply = (change: Change, ...edits: readonly Edit[]): Change =>
  edits.reduce((current, edit) => edit(current), change);

export const emit =
  (...events: readonly EventDraft[]): Edit =>
  (change) => ({ ...change, events: [...change.events, ...events] });

export const setProject =
  (fields: Partial<ProjectRecord>): Edit =>
  (change) => ({ ...change, project: { ...change.project, ...fields } });

const touch = (change: Change, id: string) => new Set([...change.touched, id]);

const tally = (task: TaskRecord | undefined, sign: 1 | -1) => ({
  tasks: task ? sign : 0,
  open: task && isOpen(task) ? sign : 0,
  completed: task?.status === "completed" ? sign : 0,
});

/** Puts a task in its new state and keeps the project's counts right. */
export const putTask =
  (task: TaskRecord): Edit =>
  (change) => {
    const [before, after] = [tally(change.tasks[task.task_id], -1), tally(task, 1)];
    const { counts } = change.project;
    return {
      ...change,
      tasks: { ...change.tasks, [task.task_id]: task },
      touched: touch(change, task.task_id),
      project: {
        ...change.project,
        counts: {
          ...counts,
          tasks: counts.tasks + before.tasks + after.tasks,
          open: counts.open + before.open + after.open,
          completed: counts.completed + before.completed + after.completed,
        },
      },
    };
  };

const pending = (request: RequestRecord | undefined) => (request?.status === "pending" ? 1 : 0);

/** Puts a request in its new state and keeps the project's count of pending ones right. */
export const putRequest =
  (request: RequestRecord): Edit =>
  (change) => {
    const { counts } = change.project;
    const moved = pending(request) - pending(change.requests[request.request_id]);
    return {
      ...change,
      requests: { ...change.requests, [request.request_id]: request },
      touched: touch(change, request.request_id),
      project: {
        ...change.project,
        counts: { ...counts, pending_requests: counts.pending_requests + moved },
      },
    };
  };

const kept = (artifact: ArtifactRecord | undefined) => (artifact && !artifact.deleted ? 1 : 0);

export const putArtifact =
  (artifact: ArtifactRecord): Edit =>
  (change) => {
    const { counts } = change.project;
    const moved = kept(artifact) - kept(change.artifacts[artifact.context_id]);
    return {
      ...change,
      artifacts: { ...change.artifacts, [artifact.context_id]: artifact },
      touched: touch(change, artifact.context_id),
      project: { ...change.project, counts: { ...counts, artifacts: counts.artifacts + moved } },
    };
  };

export const putLedger =
  (ledger: LedgerRecord): Edit =>
  (change) => ({
    ...change,
    ledgers: { ...change.ledgers, [ledger.ledger_id]: ledger },
    touched: touch(change, ledger.ledger_id),
  });

/** Moves the project's status and says so in the log. */
export const moveProjectTo =
  (name: ProjectMove, event: WorkflowMoment, reason: string | null): Edit =>
  (change) =>
    apply(
      change,
      setProject({ status: moveProject(change.project.status, name) }),
      emit(
        projectEvent("workflow_event", {
          event,
          phase: change.project.workflow === "none" ? null : change.project.current_phase,
          reason,
        }),
      ),
    );

type ActivityChange = "start" | "wait" | "leave" | { fail: string } | "reset";

const without = (ids: readonly string[] | undefined, id: string) =>
  (ids ?? []).filter((other) => other !== id);

const nextActivity = (
  before: AgentActivity | undefined,
  id: string,
  what: ActivityChange,
  at: string,
): AgentActivity => {
  const working = without(before?.working, id);
  const waiting = without(before?.waiting, id);
  if (what === "start") working.push(id);
  if (what === "wait") waiting.push(id);
  const error = typeof what === "object" ? what.fail : before?.error;
  const cured = what === "start" || what === "reset";
  return {
    at,
    ...(working.length > 0 && { working }),
    ...(waiting.length > 0 && { waiting }),
    ...(error !== undefined && !cured && { error }),
  };
};

/** Tells what an agent does now with a task; watchers hear of it when its status changes. */
export const moveAgent =
  (
    task: { task_id: string; agent_type: AgentType },
    what: ActivityChange,
    { now }: Pick<Moment, "now">,
  ): Edit =>
  (change) => {
    const { id, agents } = change.project;
    const before = agents[task.agent_type];
    const after = nextActivity(before, task.task_id, what, now);
    const [was, is] = [statusOf(id, task.agent_type, before), statusOf(id, task.agent_type, after)];
    const changed = was.status !== is.status || was.current_task_id !== is.current_task_id;
    const moved = setProject({ agents: { ...agents, [task.agent_type]: after } })(change);
    if (!changed) return moved;
    const { status, current_task_id, error_message } = is;
    return emit(
      taskEvent(task, "agent_status_change", {
        status,
        previous: was.status,
        current_task_id,
        error_message,
      }),
    )(moved);
  };

import type { Event, EventOf, EventType } from "../../lib/domain/events.ts";
import type { Project } from "../../lib/domain/project/project.ts";

export type TaskView = {
  task_id: string;
  name: string;
  agent: string;
  state: "pending" | "working" | "waiting" | "completed" | "failed" | "cancelled";
  percentage: number;
  started_at: string | null;
  /** The agent's messages in this attempt. */
  says: readonly string[];
};

/** A question that a person has to answer. */
export type Gate = {
  request_id: string;
  task_id: string | null;
  question: string;
  options: readonly string[];
  /** Whether there are artifacts to judge. */
  shows: boolean;
  asked_at: string;
};

export type ArtifactView = EventOf<"artifact_created">["data"];

/** A project, built from its events. */
export type View = {
  /** Sequence number of the last event. */
  last: number;
  status: Project["status"];
  reason: string | null;
  tasks: Readonly<Record<string, TaskView>>;
  gates: readonly Gate[];
  artifacts: Readonly<Record<string, ArtifactView>>;
  started_at: string | null;
  ended_at: string | null;
  /** Milliseconds between questions and responses, added up. */
  waitedMs: number;
  /** Number of model calls. */
  calls: number;
  cost_usd: number;
};

export const emptyView: View = {
  last: 0,
  status: "active",
  reason: null,
  tasks: {},
  gates: [],
  artifacts: {},
  started_at: null,
  ended_at: null,
  waitedMs: 0,
  calls: 0,
  cost_usd: 0,
};

export const msBetween = (from: string | null, to: string | null) =>
  from === null || to === null ? 0 : Math.max(0, Date.parse(to) - Date.parse(from));

const setTask = (view: View, id: string | null, fields: Partial<TaskView>): View => {
  const task = id === null ? undefined : view.tasks[id];
  return task
    ? { ...view, tasks: { ...view.tasks, [task.task_id]: { ...task, ...fields } } }
    : view;
};

type Change<T extends EventType> = (view: View, event: EventOf<T>) => View;

const createTask: Change<"task_created"> = (view, { task_id, data }) =>
  task_id === null
    ? view
    : {
        ...view,
        tasks: {
          ...view.tasks,
          [task_id]: {
            task_id,
            name: data.name,
            agent: data.agent_type,
            state: "pending",
            percentage: 0,
            started_at: null,
            says: [],
          },
        },
      };

type WorkflowEventKind = EventOf<"workflow_event">["data"]["event"];

const statusAfter: Partial<Record<WorkflowEventKind, View["status"]>> = {
  project_paused: "paused",
  project_resumed: "active",
  project_halted: "halted",
  project_completed: "completed",
  project_failed: "failed",
  project_cancelled: "cancelled",
};

const isFinal = (status: View["status"]) =>
  status === "completed" || status === "failed" || status === "cancelled";

const move: Change<"workflow_event"> = (view, { data, timestamp }) => {
  const status = statusAfter[data.event];
  if (!status) return view;
  return { ...view, status, reason: data.reason, ended_at: isFinal(status) ? timestamp : null };
};

const ask: Change<"hitl_request_created"> = (view, { task_id, data, timestamp }) => {
  const { request_id, question, options, context_ids } = data;
  const shows = context_ids.length > 0;
  const gate: Gate = { request_id, task_id, question, options, shows, asked_at: timestamp };
  const asked = { ...view, gates: [...view.gates, gate] };
  const isWorking = task_id !== null && view.tasks[task_id]?.state === "working";
  return isWorking ? setTask(asked, task_id, { state: "waiting" }) : asked;
};

const closeGate: Change<"hitl_response" | "hitl_expired"> = (view, { data, timestamp }) => {
  const gate = view.gates.find(({ request_id }) => request_id === data.request_id);
  if (!gate) return view;
  const gates = view.gates.filter((other) => other !== gate);
  return { ...view, gates, waitedMs: view.waitedMs + msBetween(gate.asked_at, timestamp) };
};

const putArtifact: Change<"artifact_created" | "artifact_updated"> = (view, { data }) => ({
  ...view,
  artifacts: { ...view.artifacts, [data.context_id]: data },
});

const dropArtifact: Change<"artifact_deleted"> = (view, { data }) => ({
  ...view,
  artifacts: Object.fromEntries(
    Object.entries(view.artifacts).filter(([id]) => id !== data.context_id),
  ),
});

const hear: Change<"agent_chat_message"> = (view, { task_id, data }) => {
  const says = task_id === null ? [] : (view.tasks[task_id]?.says ?? []);
  return setTask(view, task_id, { says: [...says, data.message] });
};

const changes: { [T in EventType]?: (view: View, event: EventOf<T>) => View } = {
  project_created: (view, { timestamp }) => ({ ...view, started_at: timestamp }),
  workflow_event: move,
  task_created: createTask,
  task_started: (view, { task_id, timestamp }) =>
    setTask(view, task_id, {
      state: "working",
      percentage: 0,
      started_at: timestamp,
      says: [],
    }),
  task_progress: (view, { task_id, data }) =>
    setTask(view, task_id, { percentage: data.progress_percentage }),
  task_retry_scheduled: (view, { task_id }) =>
    setTask(view, task_id, { state: "pending", percentage: 0 }),
  task_waiting: (view, { task_id }) => setTask(view, task_id, { state: "pending", percentage: 0 }),
  task_completed: (view, { task_id }) =>
    setTask(view, task_id, { state: "completed", percentage: 100 }),
  task_failed: (view, { task_id }) => setTask(view, task_id, { state: "failed" }),
  task_cancelled: (view, { task_id }) => setTask(view, task_id, { state: "cancelled" }),
  artifact_created: putArtifact,
  artifact_updated: putArtifact,
  artifact_deleted: dropArtifact,
  hitl_request_created: ask,
  hitl_response: closeGate,
  hitl_expired: closeGate,
  agent_chat_message: hear,
  model_call: (view, { data }) => ({
    ...view,
    calls: view.calls + 1,
    cost_usd: view.cost_usd + data.cost_usd,
  }),
};

/** Applies an event to the view. A type that it does not know only moves the sequence number. */
export const applyEvent = (view: View, event: Event): View => {
  const change = changes[event.event_type] as ((view: View, event: Event) => View) | undefined;
  return { ...(change?.(view, event) ?? view), last: event.seq };
};

/** Whether the project has ended. */
export const isOver = ({ status }: View) => isFinal(status);

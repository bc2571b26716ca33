import { agentNames } from "../../lib/catalog/load.ts";
import { tagOf } from "../../lib/contracts/etags.ts";
import type { Change } from "../../lib/domain/change.ts";
import type { Event, EventOf, EventType } from "../../lib/domain/events.ts";
import { statusOf } from "../../lib/domain/project/agent.ts";
import { HitlRequest } from "../../lib/domain/request/request.ts";
import { Task } from "../../lib/domain/task/task.ts";

/** What a client knows of a project that has seen nothing but its log. */
type Picture = {
  status: string;
  phase: string;
  tasks: Record<string, string>;
  requests: Record<string, string>;
  agents: Record<string, string>;
  /** Versions by id. */
  artifacts: Record<string, number>;
};

type Fold = { [T in EventType]?: (before: Picture, event: EventOf<T>) => Partial<Picture> };

const statusAfter: Record<string, string> = {
  project_paused: "paused",
  project_resumed: "active",
  project_halted: "halted",
  project_completed: "completed",
  project_failed: "failed",
  project_cancelled: "cancelled",
};

const task =
  (status: string) =>
  ({ tasks }: Picture, { task_id }: { task_id: string | null }): Partial<Picture> => ({
    tasks: { ...tasks, [task_id ?? ""]: status },
  });

const version = (
  { artifacts }: Picture,
  { data }: { data: { context_id: string; version: number } },
) => ({ artifacts: { ...artifacts, [data.context_id]: data.version } });

const running = ["pending", "working"];

const folds: Fold = {
  workflow_event: ({ status, phase }, { data }) => ({
    status: statusAfter[data.event] ?? status,
    phase: data.event === "phase_started" ? (data.phase ?? phase) : phase,
  }),
  task_created: task("pending"),
  task_started: task("working"),
  task_retry_scheduled: task("pending"),
  task_waiting: (before, event) =>
    task(event.data.waiting_for.request_id ? "waiting_for_hitl" : "pending")(before, event),
  task_completed: task("completed"),
  task_failed: task("failed"),
  task_cancelled: task("cancelled"),
  agent_status_change: ({ agents }, { agent_type, data }) => ({
    agents: { ...agents, [agent_type ?? ""]: data.status },
  }),
  artifact_created: version,
  artifact_updated: version,
  artifact_deleted: ({ artifacts }, { data }) => {
    const { [data.context_id]: _, ...kept } = artifacts;
    return { artifacts: kept };
  },
  hitl_request_created: (before, event) => ({
    requests: { ...before.requests, [event.data.request_id]: "pending" },
    ...(running.includes(before.tasks[event.task_id ?? ""] ?? "") &&
      task("waiting_for_hitl")(before, event)),
  }),
  hitl_response: ({ requests }, { data }) => ({
    requests: { ...requests, [data.request_id]: data.status },
  }),
  hitl_expired: ({ requests }, { data }) => ({
    requests: { ...requests, [data.request_id]: data.status },
  }),
};

const idle = Object.fromEntries(agentNames.map((type) => [type, "idle"]));

const fold = (log: readonly Event[]): Picture => {
  let picture: Picture = {
    status: "active",
    phase: "discovery",
    tasks: {},
    requests: {},
    agents: idle,
    artifacts: {},
  };
  for (const event of log) {
    const next = folds[event.event_type] as
      | ((before: Picture, event: Event) => Partial<Picture>)
      | undefined;
    picture = { ...picture, ...next?.(picture, event) };
  }
  return picture;
};

const mapped = <T, R>(records: Readonly<Record<string, T>>, read: (record: T) => R) =>
  Object.fromEntries(Object.entries(records).map(([id, record]) => [id, read(record)]));

/** The same picture from the records. */
const expected = ({ project, tasks, requests, artifacts }: Change): Picture => ({
  status: project.status,
  phase: project.current_phase,
  tasks: mapped(tasks, ({ status }) => status),
  requests: mapped(requests, ({ status }) => status),
  agents: Object.fromEntries(
    agentNames.map((type) => [type, statusOf(project.id, type, project.agents[type]).status]),
  ),
  artifacts: Object.fromEntries(
    Object.values(artifacts).flatMap(({ context_id, deleted, version: is }) =>
      deleted ? [] : [[context_id, is]],
    ),
  ),
});

/** Folds a log, as a client does. */
export const replay = Object.assign(fold, { expected });

/** Ids of the records that differ. */
export const changedIds = (before: Change, after: Change): string[] =>
  (["tasks", "requests", "artifacts"] as const).flatMap((kind) =>
    Object.keys(after[kind]).filter((id) => after[kind][id] !== before[kind][id]),
  );

const faces = ({ tasks, requests }: Change) => ({
  ...mapped(tasks, (task) => [tagOf.task(task), JSON.stringify(Task.parse(task))]),
  ...mapped(requests, (row) => [tagOf.request(row), JSON.stringify(HitlRequest.parse(row))]),
});

/** Ids of the tasks and requests that look different under the same ETag. */
export const mistagged = (before: Change, after: Change): string[] => {
  const was: Record<string, string[]> = faces(before);
  return Object.entries(faces(after)).flatMap(([id, [tag, face]]) =>
    was[id]?.[0] === tag && was[id]?.[1] !== face ? [id] : [],
  );
};

import { Event, type EventType } from "../../../lib/domain/events.ts";
import { isOfType } from "../../support/events.ts";
import { replay } from "../../support/replay.ts";
import type { Picture } from "./picture.ts";

// Each rule gives the problems it finds, none when it holds.

/** Events 1 to head exist exactly once, and each is what its schema says. */
export const hasNoGaps = ({ change, events }: Picture): string[] => {
  const seqs = events.map(({ seq }) => seq);
  const expected = Array.from({ length: change.project.head }, (_, index) => index + 1);
  return [
    ...(String(seqs) === String(expected)
      ? []
      : [`the log is ${seqs}, the head ${change.project.head}`]),
    ...events
      .filter((event) => !Event.safeParse(event).success)
      .map(({ seq }) => `event ${seq} has not its schema`),
  ];
};

/** What the log says is what the records say. */
export const isFoldOfLog = ({ change, events }: Picture): string[] => {
  const [folded, kept] = [replay(events), replay.expected(change)];
  const names = Object.keys(kept) as (keyof typeof kept)[];
  const text = (value: unknown) => JSON.stringify(value, Object.keys(Object(value)).sort());
  return names
    .filter((name) => text(folded[name]) !== text(kept[name]))
    .map((name) => `${name}: the log says ${text(folded[name])}, the records ${text(kept[name])}`);
};

type AboutAttempt = "task_started" | "task_completed" | "task_failed";

const attemptsOf = (events: readonly Event[], ...types: AboutAttempt[]) =>
  events
    .filter(isOfType(...types))
    .map(({ task_id, seq, data: { attempt } }) => ({ task_id, seq, attempt }));

/** Attempts are numbered 1, 2, 3 … in the order of their starts. */
export const attemptsStartInTurn = ({ events }: Picture): string[] => {
  const starts = attemptsOf(events, "task_started");
  return starts.flatMap(({ task_id, seq, attempt }, index) => {
    const before = starts.slice(0, index).filter((other) => other.task_id === task_id).length;
    return attempt === before + 1 ? [] : [`event ${seq} starts attempt ${attempt} out of turn`];
  });
};

/** An attempt ends once at the most, and only the latest one ends. */
export const attemptsEndOnce = ({ events }: Picture): string[] => {
  const ended = new Set<string>();
  return attemptsOf(events, "task_completed", "task_failed").flatMap(
    ({ task_id, seq, attempt }) => {
      const earlier = events.filter((event) => event.task_id === task_id && event.seq < seq);
      const latest = attemptsOf(earlier, "task_started").at(-1)?.attempt;
      const again = ended.has(`${task_id} ${attempt}`);
      ended.add(`${task_id} ${attempt}`);
      return [
        ...(attempt === latest
          ? []
          : [`event ${seq} ends attempt ${attempt}, which is not the latest`]),
        ...(again ? [`event ${seq} ends attempt ${attempt} again`] : []),
      ];
    },
  );
};

/** One decision per request at the most. */
export const decidesOnce = ({ events }: Picture): string[] => {
  const decided = new Set<unknown>();
  return events.filter(isOfType("hitl_response")).flatMap(({ data: { request_id }, seq }) => {
    const again = decided.has(request_id);
    decided.add(request_id);
    return again ? [`event ${seq} decides ${request_id} again`] : [];
  });
};

/** A project ends once at the most; after its end what was open is closed and settled, and people may still file things. */
export const endsOnce = ({ events }: Picture): string[] => {
  const ends: readonly string[] = ["project_completed", "project_failed", "project_cancelled"];
  const closing: readonly EventType[] = [
    "task_cancelled",
    "hitl_expired",
    "agent_status_change",
    "artifact_created",
    "artifact_updated",
    "artifact_deleted",
    "model_call",
  ];
  const end = events.findIndex(
    ({ event_type, data }) => event_type === "workflow_event" && ends.includes(data.event),
  );
  if (end < 0) return [];
  return events
    .slice(end + 1)
    .filter(({ event_type }) => !closing.includes(event_type))
    .map(({ seq, event_type }) => `event ${seq}, ${event_type}, comes after the project's end`);
};

/** The counts that a screen shows are those of the records. */
export const countsAreRight = ({ change }: Picture): string[] => {
  const { counts } = change.project;
  const tasks = Object.values(change.tasks);
  const open = ["pending", "working", "waiting_for_hitl"];
  const right = {
    tasks: tasks.length,
    completed: tasks.filter(({ status }) => status === "completed").length,
    open: tasks.filter(({ status }) => open.includes(status)).length,
    pending_requests: Object.values(change.requests).filter(({ status }) => status === "pending")
      .length,
    artifacts: Object.keys(change.artifacts).length,
  };
  return JSON.stringify(counts) === JSON.stringify(right)
    ? []
    : [`the counts are ${JSON.stringify(counts)}, not ${JSON.stringify(right)}`];
};

/** Every content that is referred to is kept, and is what its digest says. */
export const contentsAreKept = ({ change, contents, versions }: Picture): string[] => {
  const named = [
    ...versions,
    ...Object.values(change.artifacts),
    ...Object.values(change.tasks).flatMap(({ output }) => output ?? []),
    ...Object.values(change.requests).flatMap(({ context_ids }) => context_ids),
  ];
  return named
    .filter(({ sha256 }) => contents.get(sha256) !== sha256)
    .map(
      ({ context_id, version }) => `${context_id} v${version} has not the content of its digest`,
    );
};

/** Only a pending task starts, and only in a project that runs. */
export const startsInTurn = ({ events }: Picture): string[] =>
  events.flatMap(({ event_type, task_id, seq }, index) => {
    if (event_type !== "task_started") return [];
    const { status, tasks } = replay(events.slice(0, index));
    const before = tasks[task_id ?? ""];
    return status === "active" && before === "pending"
      ? []
      : [`event ${seq} starts a task that is ${before}, in a project that is ${status}`];
  });

/** Without a fault no worker loses its lease. */
export const losesNoAttempt = ({ events }: Picture): string[] =>
  events
    .filter(isOfType("task_retry_scheduled"))
    .flatMap(({ data, seq }) =>
      data.reason === "lease_expired"
        ? [`event ${seq} takes a task from a worker that nothing was wrong with`]
        : [],
    );

/** What a task put out was made by the attempt that completed it, not by one that had lost its lease. */
export const outputsAreOfTheirAttempt = ({ events, versions }: Picture): string[] =>
  events.filter(isOfType("task_completed")).flatMap(({ data: { attempt, output }, seq }) => {
    const made = versions.find(
      ({ context_id, version }) => context_id === output.context_id && version === output.version,
    );
    return made?.attempt === attempt
      ? []
      : [`event ${seq} completes attempt ${attempt} with what attempt ${made?.attempt} made`];
  });

const isOver = { completed: true, failed: true, cancelled: true } as Record<string, boolean>;

/** Nothing waits any more: not the project, no task, no request, no agent. */
export const isFinished = ({ change }: Picture): string[] => {
  const { project, tasks, requests } = change;
  return [
    ...(isOver[project.status] ? [] : [`the project is ${project.status}`]),
    ...Object.values(tasks)
      .filter(({ status }) => !isOver[status])
      .map(({ name, status }) => `${name} is ${status}`),
    ...Object.values(requests)
      .filter(({ status }) => status === "pending")
      .map(({ request_id }) => `${request_id} is pending`),
    ...(project.follow_up ? [`${project.follow_up.kind} is left to be done`] : []),
  ];
};

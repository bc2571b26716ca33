import { isSameLimit } from "../../../lib/domain/budget/limit.ts";
import type { Event } from "../../../lib/domain/events.ts";
import { isOfType } from "../../support/events.ts";
import type { World } from "../world/open-world.ts";
import type { Picture } from "./picture.ts";

/** A message that was lost is made up for by the sweeper, which looks after 30 s, 1, 2, 4 and then every 5 minutes. */
const patienceMs = 7 * 60_000;

const msOf = (instant: string) => Date.parse(instant);

/** What closed a request. */
const closingOf = (events: readonly Event[], request_id: string | null) =>
  events
    .filter(isOfType("hitl_response", "hitl_expired"))
    .find(({ data }) => data.request_id === request_id);

/** The same limit is asked about by one question at a time. The log tells the order, as clocks differ. */
const asksOnce = ({ change, events }: Picture): string[] => {
  const asked = events.filter(isOfType("hitl_request_created")).flatMap(({ data, seq }) => {
    const { about = null } = change.requests[data.request_id] ?? {};
    const to = closingOf(events, data.request_id)?.seq ?? Number.POSITIVE_INFINITY;
    return about && about.scope !== "task"
      ? [{ ...about, request_id: data.request_id, from: seq, to }]
      : [];
  });
  return asked.flatMap((one, index) =>
    asked
      .slice(index + 1)
      .filter((other) => isSameLimit(one, other) && other.from < one.to)
      .map((other) => `${one.request_id} and ${other.request_id} ask about the same limit at once`),
  );
};

const ends: readonly string[] = ["project_completed", "project_failed", "project_cancelled"];
const stops: readonly string[] = [...ends, "project_halted", "project_paused"];

const isMove = ({ event_type, data }: Event, kinds: readonly string[]) =>
  event_type === "workflow_event" && kinds.includes(data.event);

/** Whether something happens to the task in time after an event, or its project stops. */
const isFollowed = (
  events: readonly Event[],
  task_id: string,
  { seq, at, unless }: { seq: number; at: number; unless: readonly string[] },
): boolean =>
  events.some(
    (event) =>
      event.seq > seq &&
      msOf(event.timestamp) <= at + patienceMs &&
      (isMove(event, unless) || event.task_id === task_id),
  );

/** The end of a request is the end of the wait for all who joined it. */
const answersReachAll = ({ events }: Picture): string[] =>
  events.filter(isOfType("task_waiting")).flatMap(({ data, task_id, seq }) => {
    const closing = closingOf(events, data.waiting_for.request_id);
    if (!closing || task_id === null) return [];
    const since = { seq, at: msOf(closing.timestamp), unless: ends };
    return isFollowed(events, task_id, since)
      ? []
      : [`${task_id} joined ${data.waiting_for.request_id}, and its answer did not reach it`];
  });

/** Who left a line, because money came back or otherwise, goes on in time. */
const wakesAreNotLost = ({ events }: Picture, { ledgers }: World): string[] =>
  ledgers.leftLines.flatMap(({ task_id, at }) => {
    const own = events.filter((event) => event.task_id === task_id);
    const wait = own.findLast(
      (event) => event.event_type === "task_waiting" && msOf(event.timestamp) <= at,
    );
    if (!wait) return [];
    return isFollowed(events, task_id, { seq: wait.seq, at, unless: stops })
      ? []
      : [`${task_id} was woken, and did not go on`];
  });

/** Who waits at a limit waits for as long as it must, and no longer; and one question is asked at one limit. */
export const waitingIsRight = (world: World, pictures: readonly Picture[]): string[] => [
  ...pictures.flatMap((picture) => [
    ...asksOnce(picture),
    ...answersReachAll(picture),
    ...wakesAreNotLost(picture, world),
  ]),
];

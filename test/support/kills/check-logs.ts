import type { Event } from "../../../lib/domain/events.ts";
import { isOfType } from "../events.ts";
import type { Told } from "./crowd.ts";

const readLog = async (
  url: string,
  project_id: string,
): Promise<{ events: Event[]; head: number }> => {
  const events: Event[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const address = `${url}/api/v1/projects/${project_id}/events?limit=100&after=${after}`;
    const page = (await (await fetch(address)).json()) as {
      events: Event[];
      head: number;
      next_after: number | null;
    };
    events.push(...page.events);
    after = page.next_after;
    if (after === null) return { events, head: page.head };
  }
  return { events, head: 0 };
};

const decisionsIn = (events: readonly Event[]) =>
  events.filter(isOfType("hitl_response")).map(({ data }) => data.request_id);

/** What does not hold of a project that lived through the kills. */
const problemsOf = async (
  url: string,
  { project_id, approved, status }: Told,
): Promise<string[]> => {
  const { events, head } = await readLog(url, project_id);
  const gaps = events.filter(({ seq }, index) => seq !== index + 1);
  const decided = decisionsIn(events);
  const ends = events.filter(
    ({ event_type, data }) => event_type === "workflow_event" && data.event === "project_completed",
  );
  return [
    ...(status === "completed" ? [] : [`it is ${status}`]),
    ...(gaps.length === 0 && events.length === head
      ? []
      : [`${events.length} events, head ${head}`]),
    ...(new Set(decided).size === decided.length ? [] : ["a request was decided twice"]),
    ...approved.filter((id) => !decided.includes(id)).map((id) => `the answer to ${id} is lost`),
    ...(ends.length === 1 ? [] : [`it ended ${ends.length} times`]),
  ].map((problem) => `${project_id}: ${problem}`);
};

/** What does not hold after the kills, of all projects. */
export const checkLogs = async (url: string, crowd: readonly Told[]): Promise<string[]> =>
  (await Promise.all(crowd.map((told) => problemsOf(url, told)))).flat();

import type { Project } from "../../lib/domain/project/project.ts";
import { type Send, timed } from "./request.ts";
import type { Rate, Timing } from "./table.ts";
import { isCompletion, watchProject } from "./watch.ts";

const together = 20;

const runToEnd = async (send: Send, ws: string) => {
  const body = { name: "Whole run", oversight_level: "low" };
  const { id } = await send<Project>("POST /projects", body);
  using watch = watchProject(ws, id);
  const { event } = await watch.first(isCompletion);
  return { id, head: event.seq };
};

/** Measures the replay of a whole log, from the connection to the last event. */
const replay = async (ws: string, { id, head }: { id: string; head: number }) => {
  using watch = watchProject(ws, id);
  await watch.first(({ event }) => event.seq === head);
};

/** Measures projects of nine tasks without a person, from the creation to the last event, and the replay of their logs. */
export const measureRuns = async (send: Send, ws: string, runs: number): Promise<Timing[]> => {
  const whole: number[] = [];
  const replays: number[] = [];
  let head = 0;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    const project = await runToEnd(send, ws);
    whole.push(performance.now() - start);
    head = project.head;
    replays.push(await timed(() => replay(ws, project)));
  }
  return [
    { name: "whole run at low oversight, 9 tasks", samples: whole },
    { name: `reconnect and replay of ${head} events`, samples: replays },
  ];
};

/** Measures whole projects that run at the same time. */
export const measureTogether = async (send: Send, ws: string): Promise<Rate> => {
  const ms = await timed(() =>
    Promise.all(Array.from({ length: together }, () => runToEnd(send, ws))),
  );
  const value = (together * 60_000) / ms;
  return { name: `${together} projects in parallel`, value, unit: "projects/min" };
};

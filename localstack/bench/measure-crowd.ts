import type { Project } from "../../lib/domain/project/project.ts";
import type { Send } from "./request.ts";
import type { Rate, Timing } from "./table.ts";
import { isCompletion, type Watch, watchProject } from "./watch.ts";

const crowd = 50;

const lagsOf = ({ arrivals }: Watch, head: number) =>
  arrivals
    .filter(({ event }) => event.seq > head)
    .map(({ event, atMs }) => atMs - Date.parse(event.timestamp));

/** Runs a project that many sockets watch. Measures events per second, and the milliseconds until they arrive. */
export const measureCrowd = async (
  send: Send,
  ws: string,
): Promise<{ rate: Rate; timing: Timing }> => {
  const body = { name: "Crowd", oversight_level: "low", description: "[[analyst:sleep:1000]]" };
  const { id } = await send<Project>("POST /projects", body);
  using stack = new DisposableStack();
  const watches = Array.from({ length: crowd }, () => stack.use(watchProject(ws, id)));
  await Promise.all(watches.map(({ live }) => live));
  const heads = watches.map(({ arrivals }) => arrivals.length);
  const ends = await Promise.all(watches.map(({ first }) => first(isCompletion)));
  const samples = watches.flatMap((watch, index) => lagsOf(watch, heads[index] ?? 0));
  const firstMs = Math.min(
    ...watches.map(({ arrivals }, index) => arrivals[heads[index] ?? 0]?.atMs ?? 0),
  );
  const seconds = (Math.max(...ends.map(({ atMs }) => atMs)) - firstMs) / 1_000;
  return {
    timing: { name: `commit → each of ${crowd} sockets`, samples },
    rate: {
      name: `events delivered to ${crowd} sockets`,
      value: samples.length / seconds,
      unit: "events/s",
    },
  };
};

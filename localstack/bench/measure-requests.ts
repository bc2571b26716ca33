import type { Project } from "../../lib/domain/project/project.ts";
import { type Send, timed } from "./request.ts";
import type { Timing } from "./table.ts";
import { type Watch, watchProject } from "./watch.ts";

const readsPerRun = 10;
const writesPerRun = 5;

const repeat = async (times: number, act: () => Promise<number>) => {
  const samples: number[] = [];
  for (let time = 0; time < times; time += 1) samples.push(await act());
  return samples;
};

const body = { agent_type: "coder", instructions: "Write the price list" };

/** Measures the creation of a task, then waits for its end: the work is not part of the latency. */
const createTask = async (send: Send, id: string, watch: Watch) => {
  const start = performance.now();
  const { task_id } = await send<{ task_id: string }>(`POST /projects/${id}/tasks`, body);
  const ms = performance.now() - start;
  await watch.first(
    ({ event }) => event.event_type === "task_completed" && event.task_id === task_id,
  );
  return ms;
};

/** Measures requests, one after another, on a project that does nothing else. */
export const measureRequests = async (send: Send, ws: string, runs: number): Promise<Timing[]> => {
  const { id } = await send<Project>("POST /projects", { name: "Requests", workflow: "none" });
  using watch = watchProject(ws, id);
  await watch.live;
  const read = (path: string) =>
    repeat(runs * readsPerRun, () => timed(() => send(`GET /projects/${id}${path}`)));
  const create = () => createTask(send, id, watch);
  return [
    { name: "GET /projects/{id}", samples: await read("") },
    { name: "GET /projects/{id}/status", samples: await read("/status") },
    { name: "POST /projects/{id}/tasks", samples: await repeat(runs * writesPerRun, create) },
  ];
};

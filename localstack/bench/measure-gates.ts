import type { EventOf } from "../../lib/domain/events.ts";
import type { Project } from "../../lib/domain/project/project.ts";
import type { Send } from "./request.ts";
import type { Timing } from "./table.ts";
import { type Arrival, isCompletion, type Watch, watchProject } from "./watch.ts";

type Samples = { started: number[]; arrived: number[]; stamped: number[] };

const isGateAfter = (seq: number) => (arrival: Arrival) =>
  arrival.event.seq > seq &&
  (arrival.event.event_type === "hitl_request_created" || isCompletion(arrival));

const isStartAfter = (seq: number) => (arrival: Arrival) =>
  arrival.event.seq > seq && (arrival.event.event_type === "task_started" || isCompletion(arrival));

const approve = async (
  send: Send,
  watch: Watch,
  gate: EventOf<"hitl_request_created">,
  samples: Samples,
) => {
  const start = Date.now();
  const next = watch.first(isStartAfter(gate.seq));
  await send(`POST /hitl/${gate.data.request_id}/respond`, { action: "approve" });
  const { event, atMs } = await next;
  if (event.event_type !== "task_started") return;
  samples.arrived.push(atMs - start);
  samples.stamped.push(Date.parse(event.timestamp) - start);
};

const runOnce = async (send: Send, ws: string, samples: Samples) => {
  const start = Date.now();
  const project = await send<Project>("POST /projects", { name: "Gates", oversight_level: "high" });
  using watch = watchProject(ws, project.id);
  const first = await watch.first(isStartAfter(0));
  samples.started.push(Date.parse(first.event.timestamp) - start);
  for (let seq = 0; ; ) {
    const { event } = await watch.first(isGateAfter(seq));
    if (event.event_type !== "hitl_request_created") return;
    await approve(send, watch, event, samples);
    seq = event.seq;
  }
};

/** Runs a project at high oversight in each round. Five of its six approvals start a next task. */
export const measureGates = async (send: Send, ws: string, runs: number): Promise<Timing[]> => {
  const samples: Samples = { started: [], arrived: [], stamped: [] };
  for (let run = 0; run < runs; run += 1) await runOnce(send, ws, samples);
  return [
    { name: "approve → next task started, on the socket", samples: samples.arrived },
    { name: "approve → next task started, by its timestamp", samples: samples.stamped },
    { name: "create project → first task started", samples: samples.started },
  ];
};

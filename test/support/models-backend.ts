import { expect } from "vitest";
import type * as z from "zod";
import { type Clock, realClock } from "../../lib/adapters/clock.ts";
import type { AgentDefinition } from "../../lib/catalog/schema.ts";
import { type Event, type EventType, eventData } from "../../lib/domain/events.ts";
import { getArtifact } from "../../lib/services/artifacts/artifacts.ts";
import { projectUsage } from "../../lib/services/projects/usage.ts";
import { instanceOf } from "../providers/instance-of.ts";
import { startProviders } from "../providers/server.ts";
import type { Json, Reply, Script } from "../providers/wire.ts";
import { aCall, startBackend } from "./backend.ts";
import { useCasesOf } from "./use-cases.ts";

type Options = { clock?: Clock } & Pick<
  Parameters<typeof startBackend>[0] & object,
  "agents" | "dynamodb"
>;

type Answer = { content: Json; confidence: number };

const usage = { input_tokens: 1_000, output_tokens: 500 };

/** A plausible answer to whatever is asked, but for `fields`; its tests pass unless `content` says otherwise. */
export const answering =
  (fields: Json = {}, content: Json = {}): Script =>
  ({ schema }) => {
    const answer = instanceOf(schema ?? {}) as Answer;
    const passed = "failed" in answer.content ? { failed: 0, ...content } : content;
    const json = { ...answer, conflict: null, open_questions: [], confidence: 0.9 };
    return { json: { ...json, content: { ...answer.content, ...passed }, ...fields }, usage };
  };

export const good = answering();

/** Answers call by call; after the last of these all goes well. */
export const inTurn =
  (...replies: readonly (Reply | Script)[]): Script =>
  (call, index) => {
    const reply = replies[index] ?? good;
    return typeof reply === "function" ? reply(call, index) : reply;
  };

/** A clock that stands still but for its waits, which take no time: they are in `slept`, in milliseconds. */
export const hurriedClock = () => {
  let at = Date.now();
  const slept: number[] = [];
  const forward = (ms: number) => {
    at += ms;
  };
  const sleep: Clock["sleep"] = (ms, signal) => {
    if (ms > 0) slept.push(ms);
    forward(ms);
    return realClock.sleep(0, signal);
  };
  return { ...realClock, now: () => new Date(at), sleep, slept, forward };
};

/** The defined agents with other settings of one of them. */
export const withAgent =
  (type: string, fields: Partial<AgentDefinition>): NonNullable<Options["agents"]> =>
  (defined) => {
    const agent = defined[type];
    return agent ? { ...defined, [type]: { ...agent, ...fields } } : defined;
  };

const dataOf = <T extends EventType>(log: readonly Event[], type: T) =>
  log
    .filter(({ event_type }) => event_type === type)
    .map(({ data }) => eventData[type].parse(data) as z.infer<(typeof eventData)[T]>);

/** The backend with providers of one's own behind the agents, and what has become of a project in it. */
export const startModels = async (
  script: Script,
  env: Record<string, string> = {},
  options: Options = {},
) => {
  const providers = await startProviders(script);
  const backend = await startBackend({
    dynamodb: "model",
    ...options,
    env: { ...providers.env, ...env },
  });
  const on = useCasesOf(backend);

  const usageOf = async (project_id: string) => {
    const page = { project_id, after: null, limit: 50 };
    return (await projectUsage(backend.deps, aCall(), page)).usage;
  };

  const look = async (project_id: string) => {
    const log = await on.log(project_id);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const [tasks, pending] = await Promise.all([on.tasksOf(project_id), on.pending(project_id)]);
    return {
      project_id,
      log,
      tasks,
      pending,
      /** The newest. */
      task: tasks.at(-1),
      usage: await usageOf(project_id),
      /** What became of each call of a model. */
      models: dataOf(log, "model_call"),
      retries: dataOf(log, "task_retry_scheduled"),
      said: dataOf(log, "agent_chat_message").map(({ message }) => message),
    };
  };

  return {
    ...backend,
    providers,
    on,
    usageOf,
    look,
    /** The artifact that the newest task put out, with its content. */
    outputOf: async (project_id: string) => {
      const task = (await on.tasksOf(project_id)).at(-1);
      const id = task?.output?.context_id ?? "";
      return getArtifact(backend.deps, aCall(), { context_id: id });
    },
    artifact: (context_id: string, version: number) =>
      getArtifact(backend.deps, aCall(), { context_id, version }),
    /** Which wire each call came in by. */
    asked: () => providers.calls.map(({ provider }) => provider),
    /** Runs one task outside a workflow as far as it gets. */
    run: async (instructions = "Write a haiku.") => {
      const { id } = await on.project();
      await on.task(id, instructions);
      await backend.work();
      return look(id);
    },
    /** Answers the open question of a project, and runs what follows. */
    answer: async (
      project_id: string,
      answer: Omit<Parameters<typeof on.answer>[0], "request_id">,
    ) => {
      const [request] = await on.pending(project_id);
      await on.answer({ ...answer, request_id: request?.request_id ?? "" });
      await backend.work();
      return look(project_id);
    },
    [Symbol.asyncDispose]: async () => {
      await backend[Symbol.asyncDispose]();
      await providers[Symbol.asyncDispose]();
    },
  };
};

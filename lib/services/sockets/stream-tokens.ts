import type { Writing } from "../../agents/context.ts";
import type { Posted, Subscription } from "../../contracts/connection.ts";
import { isReplaying } from "../../contracts/connection.ts";
import type { TokensFrame } from "../../contracts/socket-messages.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { forEachConcurrent } from "./broadcast.ts";

export type StreamDeps = {
  listSubscriptions: (key: ProjectKey) => Promise<Subscription[]>;
  post: (subscription: Subscription, frame: string) => Promise<Posted>;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
};

/** At the most five frames a second for a task. */
const frameMs = 200;
/** Who watches is looked up this often while a model writes. */
const watchersMaxAgeMs = 2_000;
/** Characters of a frame: its 32 KB hold them in any script, escaped. */
const maxCharacters = 5_000;
const maxConcurrentPosts = 25;
/** More sockets than these hear of the result only. */
const maxWatchers = 200;

const wants = ({ event_types }: Subscription) =>
  event_types === null || event_types.includes("agent_chat_message");

/** What has not been shown yet of one call. */
type Part = Writing & { text: string; offset: number };

/** Of a piece too long for a frame the end is shown: `offset` tells how much was left out. */
const frameOf = (task: TaskRecord, { text, offset, agent_type, call_id }: Part): string => {
  const shown = text.slice(-maxCharacters).toWellFormed();
  const frame: TokensFrame = {
    type: "tokens",
    project_id: task.project_id,
    task_id: task.task_id,
    agent_type,
    attempt: task.attempt,
    call_id,
    offset: offset + text.length - shown.length,
    text: shown,
  };
  return JSON.stringify(frame);
};

/**
 * Shows what a model writes to those who watch, coalesced. Nothing is kept, and nothing here can fail the run: a frame
 * that does not arrive is not sent again.
 */
export const openStream = (deps: StreamDeps, tenant: string, task: TaskRecord) => {
  /** Calls come one after another: the last part is of the one that is being written. */
  let waiting: Part[] = [];
  let written = { call_id: "", characters: 0 };
  let postedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let listedAt = Number.NEGATIVE_INFINITY;
  let watchers: Subscription[] = [];
  const listWatchers = async () => {
    const at = deps.now().getTime();
    if (at - listedAt >= watchersMaxAgeMs) {
      listedAt = at;
      watchers = await deps.listSubscriptions({ tenant, ...task }).catch(() => watchers);
    }
    const now = deps.now().toISOString();
    return watchers.filter((each) => wants(each) && !isReplaying(each, now)).slice(0, maxWatchers);
  };
  const flush = async () => {
    const live = await listWatchers();
    postedAt = deps.now().getTime();
    const [part, ...others] = waiting;
    waiting = others;
    if (!part) return;
    const frame = frameOf(task, part);
    await forEachConcurrent(live, maxConcurrentPosts, async (subscription) => {
      await deps.post(subscription, frame).catch(() => undefined);
    });
  };
  const run = async () => {
    while (waiting.length > 0) {
      const pause = postedAt + frameMs - deps.now().getTime();
      if (pause > 0) await deps.sleep(pause);
      await flush();
    }
    running = undefined;
  };
  const push = (call: Writing, piece: string) => {
    if (piece === "") return;
    const { call_id } = call;
    if (written.call_id !== call_id) written = { call_id, characters: 0 };
    const part = waiting.at(-1);
    if (part?.call_id === call_id) part.text += piece;
    else waiting.push({ ...call, text: piece, offset: written.characters });
    written.characters += piece.length;
    running ??= run();
  };
  return {
    writerOf: (call: Writing) => (piece: string) => push(call, piece),
    /** Resolves when the last frame is out. */
    end: async () => running,
  };
};

import type { Writing } from "../../agents/context.ts";
import type { Posted, Subscription } from "../../contracts/connection.ts";
import { isReplaying } from "../../contracts/connection.ts";
import type { TokensFrame } from "../../contracts/socket-messages.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { forEachConcurrent } from "../for-each-concurrent.ts";

export type StreamDeps = {
  listSubscriptions: (key: ProjectKey) => Promise<Subscription[]>;
  post: (subscription: Subscription, frame: string) => Promise<Posted>;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
};

/** Milliseconds between two frames of a task: five frames a second. */
const frameMs = 200;
/** Milliseconds for which the list of those who watch is used before it is read again. */
const watchersMaxAgeMs = 2_000;
/** Characters of a frame: in any script, and escaped, they fit into the 32 KB of a frame. */
const maxCharacters = 5_000;
const maxConcurrentPosts = 25;
/** Sockets that get tokens. Further ones get only the events. */
const maxWatchers = 200;

const wants = ({ event_types }: Subscription) =>
  event_types === null || event_types.includes("agent_chat_message");

/** The text of one call that was not posted yet. */
type Part = Writing & { text: string; offset: number };

/** Makes a frame. Of a text that is too long for it, only the end is posted: `offset` says where that begins. */
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
 * Opens the stream of a task: it posts what a model writes to those who watch, several pieces in one frame. Nothing is
 * stored, and no error leaves it: a frame that does not arrive is not sent again.
 */
export const openStream = (deps: StreamDeps, tenant: string, task: TaskRecord) => {
  /** Model calls come one after another: the last part belongs to the call that writes now. */
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
    /** Resolves when the last frame was posted. */
    end: async () => running,
  };
};

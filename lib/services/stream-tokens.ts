import type { ProjectKey } from "../domain/common.ts";
import type { Posted, Subscription } from "../domain/connection.ts";
import { isReplaying } from "../domain/connection.ts";
import type { TokensFrame } from "../domain/socket-messages.ts";
import type { TaskRecord } from "../domain/task.ts";
import { eachOf } from "./broadcast.ts";

export type StreamDeps = {
  listSubscriptions: (key: ProjectKey) => Promise<Subscription[]>;
  post: (subscription: Subscription, frame: string) => Promise<Posted>;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
};

/** At the most five frames a second for a task. */
const frameMs = 200;
/** Who watches is looked up this often while a model writes. */
const lookMs = 2_000;
/** Characters of a frame: its 32 KB hold them in any script, escaped. */
const mostCharacters = 5_000;
const concurrent = 25;
/** More sockets than these hear of the result only. */
const mostWatchers = 200;

const wants = ({ event_types }: Subscription) =>
  event_types === null || event_types.includes("agent_chat_message");

/** Of a piece too long for a frame the end is shown: `offset` tells how much was left out. */
const frameOf = (task: TaskRecord, { text, offset }: { text: string; offset: number }): string => {
  const shown = text.slice(-mostCharacters).toWellFormed();
  const frame: TokensFrame = {
    type: "tokens",
    project_id: task.project_id,
    task_id: task.task_id,
    agent_type: task.agent_type,
    attempt: task.attempt,
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
  let waiting = "";
  let sent = 0;
  let last = Number.NEGATIVE_INFINITY;
  let busy: Promise<void> | undefined;
  let looked = Number.NEGATIVE_INFINITY;
  let watchers: Subscription[] = [];
  const look = async () => {
    const at = deps.now().getTime();
    if (at - looked >= lookMs) {
      looked = at;
      watchers = await deps.listSubscriptions({ tenant, ...task }).catch(() => watchers);
    }
    const now = deps.now().toISOString();
    return watchers.filter((each) => wants(each) && !isReplaying(each, now)).slice(0, mostWatchers);
  };
  const flush = async () => {
    const live = await look();
    last = deps.now().getTime();
    const frame = frameOf(task, { text: waiting, offset: sent });
    sent += waiting.length;
    waiting = "";
    await eachOf(live, concurrent, async (subscription) => {
      await deps.post(subscription, frame).catch(() => undefined);
    });
  };
  const run = async () => {
    while (waiting !== "") {
      const pause = last + frameMs - deps.now().getTime();
      if (pause > 0) await deps.sleep(pause);
      await flush();
    }
    busy = undefined;
  };
  return {
    push: (piece: string) => {
      if (piece === "") return;
      waiting += piece;
      busy ??= run();
    },
    /** Resolves when the last frame is out. */
    end: async () => busy,
  };
};

import type { Change, Needs } from "../domain/change.ts";
import type { Actor, Moment, ProjectKey } from "../domain/common.ts";
import type { Event } from "../domain/events.ts";
import { Problem } from "../domain/problem.ts";
import type { Receipt } from "../domain/receipt.ts";
import { afterWrite, isEmpty, type Sealed, seal } from "../domain/seal.ts";

/** What a decision makes of a change, and what is answered once it is written. */
type Decision<R> = { change: Change; answer: (after: Change) => R };

export type CommitRequest<R> = ProjectKey & {
  actor: Actor;
  correlation_id: string;
  needs?: Needs;
  /** Further needs that show only when the first are read. */
  more?: (change: Change) => Needs;
  /** What the caller has just read: saves the first read. */
  known?: Change | undefined;
  receipt?: Receipt | undefined;
  decide: (change: Change, moment: Moment) => Decision<R>;
};

export type Committed<R> = {
  result: R;
  after: Change;
  events: readonly Event[];
  /** Ids of what was written. */
  touched: ReadonlySet<string>;
};

export type CommitDeps = {
  load: (key: ProjectKey, needs: Needs) => Promise<Change>;
  loadMore: (change: Change, needs: Needs) => Promise<Change>;
  write: (
    sealed: Sealed,
    receipt?: { receipt: Receipt; body: unknown },
  ) => Promise<"written" | "conflict" | "unknown">;
  wasWritten: (sealed: Sealed) => Promise<boolean>;
  keepAnswer: (receipt: Receipt, body: unknown) => Promise<void>;
  now: () => Date;
  newId: () => string;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
  /** How long a commit tries to win before it gives up. */
  patienceMs: number;
};

const firstWaitMs = 5;
const longestWaitMs = 500;

type Try<R> = Committed<R> & { sealed: Sealed };

const read = async <R>(deps: CommitDeps, request: CommitRequest<R>): Promise<Change> => {
  const change = await deps.load(request, request.needs ?? {});
  return request.more ? deps.loadMore(change, request.more(change)) : change;
};

const momentOf = <R>(deps: CommitDeps, { actor, correlation_id }: CommitRequest<R>): Moment => ({
  now: deps.now().toISOString(),
  newId: deps.newId,
  actor,
  correlation_id,
});

const write = async <R>(
  deps: CommitDeps,
  { receipt }: CommitRequest<R>,
  { change, answer }: Decision<R>,
  { moment, doubtful }: { moment: Moment; doubtful: Try<R>[] },
): Promise<Committed<R> | null> => {
  const sealed = seal(change, moment);
  const after = afterWrite(sealed);
  const { events } = sealed;
  const attempt = { sealed, after, events, touched: change.touched, result: answer(after) };
  const outcome = await deps.write(sealed, receipt && { receipt, body: attempt.result });
  if (outcome === "unknown") doubtful.push(attempt);
  return outcome === "written" ? attempt : null;
};

const nothingToWrite = async <R>(
  deps: CommitDeps,
  { receipt }: CommitRequest<R>,
  { change, answer }: Decision<R>,
): Promise<Committed<R>> => {
  const result = answer(change);
  if (receipt) await deps.keepAnswer(receipt, result);
  return { result, after: change, events: [], touched: new Set() };
};

const landed = async <R>(deps: CommitDeps, doubtful: readonly Try<R>[]) => {
  for (const attempt of doubtful) if (await deps.wasWritten(attempt.sealed)) return attempt;
  return undefined;
};

/** Reads, decides and writes once. Null when the race was lost, or when nobody knows yet. */
const tryOnce = async <R>(
  deps: CommitDeps,
  request: CommitRequest<R>,
  doubtful: Try<R>[],
): Promise<Committed<R> | null> => {
  const before = request.known ?? (await read(deps, request));
  const moment = momentOf(deps, request);
  const decision = request.decide(before, moment);
  return isEmpty(decision.change, before.project)
    ? nothingToWrite(deps, request, decision)
    : write(deps, request, decision, { moment, doubtful });
};

/** A decision may be refused by the effect of its own earlier write, which landed late. */
const tryAgain = async <R>(
  deps: CommitDeps,
  request: CommitRequest<R>,
  doubtful: Try<R>[],
): Promise<Committed<R> | null> => {
  const won = await landed(deps, doubtful);
  if (won) return won;
  try {
    return await tryOnce(deps, request, doubtful);
  } catch (error) {
    const late = await landed(deps, doubtful);
    if (late) return late;
    throw error;
  }
};

/** What is being created cannot be read again: the same change is tried once more. */
const isNew = <R>({ known }: CommitRequest<R>): boolean => known?.project.rev === 0;

/**
 * One state change is one transaction: read, decide, write; on a lost race read and decide again, with jitter,
 * until `patienceMs` is over. A write whose answer was lost is looked up in the log before it is repeated.
 *
 * @throws Problem `busy` when others were always faster
 */
export const commit = async <R>(
  deps: CommitDeps,
  request: CommitRequest<R>,
): Promise<Committed<R>> => {
  const giveUpAt = deps.now().getTime() + deps.patienceMs;
  const doubtful: Try<R>[] = [];
  const again = isNew(request) ? request : { ...request, known: undefined };
  for (let round = 0; round === 0 || deps.now().getTime() < giveUpAt; round += 1) {
    const done = await tryAgain(deps, round === 0 ? request : again, doubtful);
    if (done) return done;
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** round);
    await deps.sleep(deps.random() * wait);
  }
  throw new Problem("busy", "Too many changes of this project at once. Please try again.");
};

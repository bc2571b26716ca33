import type { Command, Decision } from "../../contracts/command.ts";
import type { IdempotencyKey } from "../../contracts/idempotency.ts";
import type { Change, Needs } from "../../domain/change.ts";
import type { Actor, Moment, ProjectKey } from "../../domain/common.ts";
import type { Event } from "../../domain/events.ts";
import {
  afterWrite,
  isEmpty,
  type PreparedWrite,
  prepareWrite,
} from "../../domain/prepare-write.ts";
import { Problem } from "../../domain/problem.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import type { WaitTimes } from "../../domain/records.ts";

/** A command of one actor; with a receipt its answer is kept in the same transaction. */
export type CommitRequest<R> = Command<R> & {
  tenant: string;
  actor: Actor;
  correlation_id: string;
  idempotencyKey?: IdempotencyKey | undefined;
};

export type Committed<R> = {
  result: R;
  correlation_id: string;
  /** The project as it was read. */
  before: ProjectRecord;
  after: Change;
  events: readonly Event[];
  /** Ids of what was written. */
  changedIds: ReadonlySet<string>;
};

export type CommitDeps = WaitTimes & {
  load: (key: ProjectKey, needs: Needs) => Promise<Change>;
  loadMore: (change: Change, needs: Needs) => Promise<Change>;
  write: (
    prepared: PreparedWrite,
    idempotencyKey?: { idempotencyKey: IdempotencyKey; body: unknown },
  ) => Promise<"written" | "conflict" | "unknown">;
  wasApplied: (prepared: PreparedWrite) => Promise<boolean>;
  storeResponse: (idempotencyKey: IdempotencyKey, body: unknown) => Promise<void>;
  /** An error of a call that may pass. */
  isTransient: (error: unknown) => boolean;
  now: () => Date;
  newId: () => string;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
  /** How long a commit tries to win before it gives up. */
  patienceMs: number;
};

const firstWaitMs = 5;
const maxWaitMs = 500;

/** Why a round came to nothing. */
type FailedRound = { failure: unknown };

const busy = () =>
  new Problem("busy", "Too many changes of this project at once. Please try again.");

type SentWrite<R> = Committed<R> & { prepared: PreparedWrite };

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
  { idempotencyKey, correlation_id }: CommitRequest<R>,
  { change, answer }: Decision<R>,
  {
    moment,
    before,
    unconfirmed,
  }: { moment: Moment; before: ProjectRecord; unconfirmed: SentWrite<R>[] },
): Promise<Committed<R> | null> => {
  const prepared = prepareWrite(change, moment, deps);
  const after = afterWrite(prepared);
  const sent = {
    prepared: prepared,
    correlation_id,
    before,
    after,
    events: prepared.events,
    changedIds: change.changedIds,
    result: answer(after),
  };
  const outcome = await deps.write(
    prepared,
    idempotencyKey && { idempotencyKey, body: sent.result },
  );
  if (outcome === "unknown") unconfirmed.push(sent);
  return outcome === "written" ? sent : null;
};

const commitNothing = async <R>(
  deps: CommitDeps,
  { idempotencyKey, correlation_id }: CommitRequest<R>,
  { change, answer }: Decision<R>,
): Promise<Committed<R>> => {
  const result = answer(change);
  if (idempotencyKey) await deps.storeResponse(idempotencyKey, result);
  const before = change.project;
  return { result, correlation_id, before, after: change, events: [], changedIds: new Set() };
};

const findApplied = async <R>(deps: CommitDeps, unconfirmed: readonly SentWrite<R>[]) => {
  for (const sent of unconfirmed)
    if (/* guard: a lost answer is looked up */ await deps.wasApplied(sent.prepared)) return sent;
  return undefined;
};

/**
 * Reads, decides and writes once. Null when the race was lost, or when nobody knows yet. What is in doubt is looked up
 * after the reading: a write that lands later still meets revisions that have moved on, or moves them itself.
 */
const tryOnce = async <R>(
  deps: CommitDeps,
  request: CommitRequest<R>,
  unconfirmed: SentWrite<R>[],
): Promise<Committed<R> | null> => {
  const known = request.known ?? (await read(deps, request));
  const applied = await findApplied(deps, unconfirmed);
  if (applied) return applied;
  const moment = momentOf(deps, request);
  const decision = request.decide(known, moment);
  const before = known.project;
  return isEmpty(decision.change, before)
    ? commitNothing(deps, request, decision)
    : write(deps, request, decision, { moment, before, unconfirmed: unconfirmed });
};

/**
 * A decision may be refused by the effect of its own earlier write, which landed late; a table that does not answer now
 * is asked again.
 */
const runRound = async <R>(
  deps: CommitDeps,
  request: CommitRequest<R>,
  unconfirmed: SentWrite<R>[],
): Promise<Committed<R> | FailedRound> => {
  try {
    return (await tryOnce(deps, request, unconfirmed)) ?? { failure: busy() };
  } catch (error) {
    if (deps.isTransient(error)) return { failure: error };
    const applied = await findApplied(deps, unconfirmed).catch((lost: unknown) => ({
      failure: lost,
    }));
    if (applied) return applied;
    throw error;
  }
};

/** What is being created cannot be read again: the same change is tried once more. */
const isNew = <R>({ known }: CommitRequest<R>): boolean => known?.project.rev === 0;

/** How long the key of a request whose effect is in doubt stays taken. */
const inDoubtRetrySeconds = 30;

const inDoubt = (cause: unknown) =>
  new Problem("in-doubt", "The database did not say whether this was done. Look, or ask again.", {
    cause,
    extensions: { retry_after: inDoubtRetrySeconds },
  });

/** Time is up: what is in doubt is looked up a last time. */
const stopRetrying = async <R>(
  deps: CommitDeps,
  unconfirmed: readonly SentWrite<R>[],
  failure: unknown,
): Promise<Committed<R>> => {
  if (unconfirmed.length === 0) throw failure;
  const applied = await findApplied(deps, unconfirmed).catch(() => undefined);
  if (applied) return applied;
  throw inDoubt(failure);
};

/**
 * One state change is one transaction: read, decide, write; on a lost race, or when the table does not answer, read and
 * decide again, with jitter, until `patienceMs` is over. A write whose answer was lost is looked up in the log before it
 * is repeated.
 *
 * @throws Problem `busy` when others were always faster, `in-doubt` when a write may have been done or may yet be
 */
export const commit = async <R>(
  deps: CommitDeps,
  request: CommitRequest<R>,
): Promise<Committed<R>> => {
  const stopAt = deps.now().getTime() + deps.patienceMs;
  const unconfirmed: SentWrite<R>[] = [];
  const laterRounds = isNew(request) ? request : { ...request, known: undefined };
  let failure: unknown = busy();
  for (let round = 0; round === 0 || deps.now().getTime() < stopAt; round += 1) {
    const done = await runRound(deps, round === 0 ? request : laterRounds, unconfirmed);
    if (!("failure" in done)) return done;
    failure = done.failure;
    const wait = Math.min(maxWaitMs, firstWaitMs * 2 ** round);
    await deps.sleep(deps.random() * wait);
  }
  return stopRetrying(deps, unconfirmed, failure);
};

import type { Command, Decision } from "../../contracts/command.ts";
import type { IdempotencyKey } from "../../contracts/idempotency.ts";
import type { Change, Needs, WokenTask } from "../../domain/change.ts";
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

/** A command with its actor. With an idempotency key, its answer is stored in the same transaction. */
export type CommitRequest<R> = Command<R> & {
  tenant: string;
  actor: Actor;
  correlation_id: string;
  idempotencyKey?: IdempotencyKey | undefined;
};

/** Commits a change and runs the reactions to it. Gives the answer of the decision. @throws as `commit` below */
export type Commit = <R>(request: CommitRequest<R>) => Promise<R>;

export type Committed<R> = {
  result: R;
  correlation_id: string;
  /** The project as it was read. */
  before: ProjectRecord;
  after: Change;
  events: readonly Event[];
  /** Ids of the records that were written. */
  changedIds: ReadonlySet<string>;
  /** Tasks of any project of the tenant that may go on now. */
  woken: readonly WokenTask[];
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
  /** Whether an error can be gone at the next try: a timeout, throttling, a lost connection. */
  isTransient: (error: unknown) => boolean;
  now: () => Date;
  newId: () => string;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
  /** How long a commit retries. */
  patienceMs: number;
};

const firstWaitMs = 5;
const maxWaitMs = 500;

/** Why a round wrote nothing. */
type FailedRound = { failure: unknown };

const busy = () =>
  new Problem("busy", "Too many changes of this project at once. Please try again.");

/** A write that was sent, and what the commit gives if it was applied. */
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

/** Sends one write. Gives null when it lost a race; also when its answer was lost: then it is added to `unconfirmed`. */
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
    prepared,
    correlation_id,
    before,
    after,
    events: prepared.events,
    changedIds: change.changedIds,
    woken: change.woken,
    result: answer(after),
  };
  const outcome = await deps.write(
    prepared,
    idempotencyKey && { idempotencyKey, body: sent.result },
  );
  if (outcome === "unknown") unconfirmed.push(sent);
  return outcome === "written" ? sent : null;
};

/** Ends a commit whose decision changes nothing: only the answer is stored. */
const commitNothing = async <R>(
  deps: CommitDeps,
  { idempotencyKey, correlation_id }: CommitRequest<R>,
  { change, answer }: Decision<R>,
): Promise<Committed<R>> => {
  const result = answer(change);
  if (idempotencyKey) await deps.storeResponse(idempotencyKey, result);
  const before = change.project;
  const nothing = { events: [], changedIds: new Set<string>(), woken: [] };
  return { result, correlation_id, before, after: change, ...nothing };
};

/** Finds the write among the unconfirmed ones that was applied after all. */
const findApplied = async <R>(deps: CommitDeps, unconfirmed: readonly SentWrite<R>[]) => {
  for (const sent of unconfirmed)
    if (/* guard: a lost answer is looked up */ await deps.wasApplied(sent.prepared)) return sent;
  return undefined;
};

/**
 * Reads, decides and writes once. Gives null when the race was lost, or when it is unknown whether the write was applied.
 *
 * Unconfirmed writes are looked up after the read, not before it: then a write that is applied even later cannot be
 * decided again. Either it conflicts with a newer revision, or it changes the revisions that this round has read.
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
    : write(deps, request, decision, { moment, before, unconfirmed });
};

/**
 * Runs one round. A transient error fails only the round. When the decision throws, the cause can be an earlier write of
 * this same commit that was applied late: unconfirmed writes are looked up before the error is thrown.
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

/** Whether the commit creates the project: there is nothing to read again, so each round uses the same change. */
const isNew = <R>({ known }: CommitRequest<R>): boolean => known?.project.rev === 0;

/** Seconds for which the idempotency key of a request stays claimed when its effect is unknown. */
const inDoubtRetrySeconds = 30;

const inDoubt = (cause: unknown) =>
  new Problem("in-doubt", "The database did not say whether this was done. Look, or ask again.", {
    cause,
    extensions: { retry_after: inDoubtRetrySeconds },
  });

/** Ends a commit whose time is over, after a last look for unconfirmed writes. */
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
 * Makes one state change in one transaction: reads, decides, writes. After a lost race or a transient error it reads and
 * decides again, with jitter, until `patienceMs` is over. A write whose answer was lost is looked up in the log before it
 * is repeated.
 *
 * @throws Problem `busy` when every round lost its race; `in-doubt` when a write may have been applied, or may still be;
 * whatever the decision throws; the last transient error of the table when nothing was written
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

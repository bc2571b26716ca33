import type { WithLogKeys } from "../../contracts/log.ts";
import { abortable } from "../abortable.ts";
import type { Committed } from "../commit/commit.ts";
import type { Reaction, ReactionWork } from "./reaction.ts";

export type RunReactionsDeps = {
  /** Called for each reaction that failed or took too long, within the log keys of the commit. */
  onReactionFailed: (reaction: string, error: unknown) => void;
  withLogKeys: WithLogKeys;
  timeout: (ms: number) => AbortSignal;
};

/** A commit waits no longer for sockets and queues: its change is written, and clients and sweeper make up for the rest. */
const maxReactionMs = 3_000;

type NamedWork = { name: string; work: ReactionWork };

const runOne = async (deps: RunReactionsDeps, { name, work }: NamedWork): Promise<void> => {
  try {
    await work();
  } catch (error) {
    deps.onReactionFailed(name, error);
  }
};

/** Lists the work of a reaction, without starting it. A reaction that throws here is reported and has no work. */
const worksOf = (
  deps: RunReactionsDeps,
  { name, of }: Reaction,
  committed: Committed<unknown>,
): NamedWork[] => {
  try {
    return of(committed).map((work) => ({ name, work }));
  } catch (error) {
    deps.onReactionFailed(name, error);
    return [];
  }
};

const inTime = async (signal: AbortSignal, work: ReactionWork): Promise<void> => {
  try {
    await abortable(signal, work());
  } catch (error) {
    const isLate = signal.aborted && error === signal.reason;
    throw isLate ? new Error(`Not done after ${maxReactionMs} ms`, { cause: error }) : error;
  }
};

const runBriefly = async (deps: RunReactionsDeps, works: readonly NamedWork[]): Promise<void> => {
  if (works.length === 0) return;
  const signal = deps.timeout(maxReactionMs);
  const runs = works.map(({ name, work }) =>
    runOne(deps, { name, work: () => inTime(signal, work) }),
  );
  await Promise.all(runs);
};

/** Runs the reactions to a commit. Never rejects: a reaction that fails is reported, and the others still run. */
export const runReactions = (
  deps: RunReactionsDeps,
  reactions: readonly Reaction[],
  committed: Committed<unknown>,
): Promise<void> => {
  const { after, correlation_id } = committed;
  const keys = { tenant: after.tenant, project_id: after.project.id, correlation_id };
  return deps.withLogKeys(keys, async () => {
    const wanted = (awaited: Reaction["awaited"]) =>
      reactions
        .filter((reaction) => reaction.awaited === awaited)
        .flatMap((reaction) => worksOf(deps, reaction, committed));
    const [brief, long] = [wanted("briefly"), wanted("to-its-end")];
    await runBriefly(deps, brief);
    for (const work of long) await runOne(deps, work);
  });
};

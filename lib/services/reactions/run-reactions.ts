import type { WithLogKeys } from "../../contracts/log.ts";
import type { Committed } from "../commit/commit.ts";
import type { Reaction, ReactionWork } from "./reaction.ts";

export type RunReactionsDeps = {
  /** Told of what failed or was cut off, within the log keys of the commit: tenant, project and correlation id. */
  onReactionFailed: (reaction: string, error: unknown) => void;
  withLogKeys: WithLogKeys;
  timeout: (ms: number) => AbortSignal;
};

/** What is written is answered: a socket or queue that hangs is left to the clients and the sweeper. */
const maxReactionMs = 3_000;

type Named = { name: string; work: ReactionWork };

const runOne = async (deps: RunReactionsDeps, { name, work }: Named): Promise<void> => {
  try {
    await work();
  } catch (error) {
    deps.onReactionFailed(name, error);
  }
};

/** The works of a reaction, none started yet. A reaction that throws while it says what it wants wants nothing. */
const worksOf = (
  deps: RunReactionsDeps,
  { name, of }: Reaction,
  committed: Committed<unknown>,
): Named[] => {
  try {
    return of(committed).map((work) => ({ name, work }));
  } catch (error) {
    deps.onReactionFailed(name, error);
    return [];
  }
};

const timeIsUp = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const cutOff = () => reject(new Error(`Cut off after ${maxReactionMs} ms`));
    if (signal.aborted) cutOff();
    signal.addEventListener("abort", cutOff, { once: true });
  });

const runBriefly = async (deps: RunReactionsDeps, works: readonly Named[]): Promise<void> => {
  if (works.length === 0) return;
  const end = timeIsUp(deps.timeout(maxReactionMs));
  const runs = works.map(({ name, work }) =>
    runOne(deps, { name, work: () => Promise.race([work(), end]) }),
  );
  await Promise.all(runs);
};

/** Runs what follows a commit. Never rejects: a reaction that fails is reported, and stops no other. */
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
    for (const named of long) await runOne(deps, named);
  });
};

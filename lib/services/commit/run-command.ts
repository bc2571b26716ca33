import type { Answered, BatchRun, CommandRun } from "../../contracts/command.ts";
import { callerOf } from "./caller.ts";
import type { Commit } from "./commit.ts";
import { type IdempotencyDeps, runIdempotent } from "./run-idempotent.ts";

export type RunCommandDeps = IdempotencyDeps & { commit: Commit };

/**
 * Commits what a command decides, once per idempotency key. If-Match is checked against the state that the decision
 * sees; the answer is put into its public shape before it is stored.
 *
 * @throws Problem `precondition-failed`, `idempotency-mismatch`, `idempotency-in-progress`, `busy`, `in-doubt`, and
 * whatever the command throws
 */
export const runCommand = <Result, Answer>(
  deps: RunCommandDeps,
  { call, idempotencyKey, checkMatch, prepare, shape }: CommandRun<Result, Answer>,
): Promise<Answered<Answer>> =>
  runIdempotent(deps, idempotencyKey, async () => {
    const command = await prepare();
    return deps.commit({
      ...command,
      ...callerOf(call),
      idempotencyKey,
      decide: (before, moment) => {
        checkMatch(before);
        const { change, answer } = command.decide(before, moment);
        return { change, answer: (after) => shape(answer(after)) };
      },
    });
  });

/**
 * Runs several commands as one request. Each command has its own commit and its own idempotency key, so there is no
 * transaction in which the response of the whole request could be stored: it is stored afterwards, and only when every
 * part of it is final. Otherwise the key is released, so that the same request can continue.
 *
 * @throws Problem `idempotency-mismatch`, `idempotency-in-progress`, and whatever `run` throws
 */
export const runBatch = <Result, Answer>(
  deps: IdempotencyDeps,
  { idempotencyKey, run, shape }: BatchRun<Result, Answer>,
): Promise<Answered<Answer>> =>
  runIdempotent(deps, idempotencyKey, async () => {
    const { result, isFinal } = await run();
    const body = shape(result);
    if (!idempotencyKey) return body;
    if (isFinal) await deps.storeResponse(idempotencyKey, body);
    else await deps.releaseKey(idempotencyKey);
    return body;
  });

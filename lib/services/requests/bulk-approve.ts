import type { Call } from "../../contracts/call.ts";
import type { BatchResult } from "../../contracts/command.ts";
import type { IdempotencyKey } from "../../contracts/idempotency.ts";
import { type Problem, type ProblemCode, problems } from "../../domain/problem.ts";
import type { HitlStatus } from "../../domain/request/request.ts";
import { type RunCommandDeps, runCommand } from "../commit/run-command.ts";
import { type RespondDeps, respond } from "./respond.ts";

type Input = { request_ids: readonly string[]; comment?: string | undefined };

/** Each request has a key of its own, so that a repeated call goes on where the first one died. */
const keyFor = (
  idempotencyKey: IdempotencyKey | undefined,
  request_id: string,
): IdempotencyKey | undefined =>
  idempotencyKey && { ...idempotencyKey, key: `${idempotencyKey.key}#${request_id}` };

export type BulkDeps = RespondDeps & RunCommandDeps & { problemOf: (error: unknown) => Problem };

type Caught = { code: ProblemCode; message: string };
type Outcome = {
  request_id: string;
  success: boolean;
  status: HitlStatus | null;
  error: Caught | null;
};

type Sender = { call: Call; idempotencyKey: IdempotencyKey | undefined };

const approve = async (
  deps: BulkDeps,
  { call, idempotencyKey }: Sender,
  { request_id, comment }: { request_id: string; comment?: string | undefined },
): Promise<Outcome> => {
  try {
    const { body } = await runCommand(deps, {
      call,
      idempotencyKey: keyFor(idempotencyKey, request_id),
      checkMatch: () => undefined,
      prepare: () => respond(deps, call, { request_id, action: "approve", comment }),
      shape: ({ status }) => ({ status }),
    });
    return { request_id, success: true, status: body.status, error: null };
  } catch (error) {
    const { code, message } = deps.problemOf(error);
    return { request_id, success: false, status: null, error: { code, message } };
  }
};

const failedForNow = ({ error }: Outcome) => error !== null && problems[error.code].retryable;

type Bulk = { approved_count: number; failed_count: number; results: Outcome[] };

/**
 * Approves requests one after another; one failing does not undo the others. Its result is final unless something
 * failed for now: then the same call again goes on with what is left.
 */
export const bulkApprove = async (
  deps: BulkDeps,
  sender: Sender,
  { request_ids, comment }: Input,
): Promise<BatchResult<Bulk>> => {
  const results: Outcome[] = [];
  for (const request_id of new Set(request_ids)) {
    results.push(await approve(deps, sender, { request_id, comment }));
  }
  const approved_count = results.filter(({ success }) => success).length;
  return {
    result: { approved_count, failed_count: results.length - approved_count, results },
    isFinal: !results.some(failedForNow),
  };
};

import type { Call } from "../../contracts/call.ts";
import type { Receipt } from "../../contracts/idempotency.ts";
import { type Problem, problems } from "../../domain/problem.ts";
import { type OnceDeps, once } from "../commit/run-idempotent.ts";
import { type RespondDeps, respond } from "./respond.ts";

type Input = { request_ids: readonly string[]; comment?: string | undefined };

/** Each request has a receipt of its own, so that a repeated call goes on where the first one died. */
const receiptFor = (receipt: Receipt | undefined, request_id: string): Receipt | undefined =>
  receipt && { ...receipt, key: `${receipt.key}#${request_id}` };

type BulkDeps = RespondDeps & OnceDeps & { problemOf: (error: unknown) => Problem };

const approve = async (
  deps: BulkDeps,
  call: Call,
  { request_id, comment }: { request_id: string; comment?: string | undefined },
) => {
  try {
    const receipt = receiptFor(call.receipt, request_id);
    const { body } = await once(deps, receipt, () =>
      respond(deps, { ...call, receipt }, { request_id, action: "approve", comment }),
    );
    return { request_id, success: true, status: body.status, error: null };
  } catch (error) {
    const { code, message } = deps.problemOf(error);
    return { request_id, success: false, status: null, error: { code, message } };
  }
};

type Result = Awaited<ReturnType<typeof approve>>;

const failedForNow = ({ error }: Result) => error !== null && problems[error.code].retryable;

/**
 * Approves requests one after another; one failing does not undo the others. An answer in which something failed for
 * now is not kept: the same call again goes on with what is left.
 */
export const bulkApprove = async (deps: BulkDeps, call: Call, { request_ids, comment }: Input) => {
  const results: Result[] = [];
  for (const request_id of new Set(request_ids)) {
    results.push(await approve(deps, call, { request_id, comment }));
  }
  const approved_count = results.filter(({ success }) => success).length;
  const body = { approved_count, failed_count: results.length - approved_count, results };
  if (!call.receipt) return body;
  if (results.some(failedForNow)) await deps.releaseKey(call.receipt);
  else await deps.keepAnswer(call.receipt, body);
  return body;
};

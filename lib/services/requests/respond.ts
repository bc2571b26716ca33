import type { Call } from "../../contracts/call.ts";
import { tagOf } from "../../contracts/etags.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Json } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import { type HitlAction, HitlRequest } from "../../domain/request/request.ts";
import { respond as decide, type Response } from "../../domain/request/respond.ts";
import { type ArtifactDeps, measure } from "../artifacts/artifacts.ts";
import { by, type Commit } from "../commit/caller.ts";

export type RespondDeps = Pick<ArtifactDeps, "digest" | "keepContent"> & {
  commit: Commit;
  findRequest: (tenant: string, id: string) => Promise<ProjectKey & { task_id: string }>;
};

export type RespondInput = {
  request_id: string;
  action: HitlAction;
  content?: Json | undefined;
  comment?: string | undefined;
};

const messages = {
  approve: "Approved.",
  reject: "Rejected: the project is halted until it is resumed.",
  amend: "Amended.",
} as const satisfies Record<HitlAction, string>;

const keep = async (
  deps: RespondDeps,
  place: ProjectKey,
  { action, content }: RespondInput,
): Promise<Response["content"]> => {
  if (action !== "amend" || content === undefined) return null;
  const measured = measure(deps.digest, content);
  await deps.keepContent(place, { sha256: measured.sha256, content });
  return { value: content, ...measured };
};

/**
 * A person's answer. Of several at the same time exactly one is taken.
 *
 * @throws Problem `already-decided` for all others, and when the request's time is over
 */
export const respond = async (deps: RespondDeps, call: Call, answer: RespondInput) => {
  const { request_id, action, comment = null } = answer;
  const place = await deps.findRequest(call.tenant, request_id);
  const content = await keep(deps, place, answer);
  return deps.commit({
    ...by(call),
    project_id: place.project_id,
    needs: { requests: [request_id], tasks: [place.task_id] },
    decide: (change, moment) => {
      const request = change.requests[request_id];
      const task = change.tasks[place.task_id];
      if (!request || !task) throw new Problem("not-found", `There is no request ${request_id}.`);
      call.checkMatch(tagOf.request(request));
      return {
        change: decide(request, task, { action, comment, content }, moment)(change),
        answer: ({ project, requests }) => ({
          request_id,
          action,
          status: requests[request_id]?.status ?? request.status,
          message: messages[action],
          workflow_resumed: action !== "reject" && project.status === "active",
          request: HitlRequest.parse(requests[request_id] ?? request),
        }),
      };
    },
  });
};

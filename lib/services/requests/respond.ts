import type { Call } from "../../contracts/call.ts";
import type { Command } from "../../contracts/command.ts";
import { ledgerOfLimit } from "../../domain/budget/budget.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Json } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import type { HitlAction, HitlStatus, RequestRecord } from "../../domain/request/request.ts";
import { respond as decide, type Response } from "../../domain/request/respond.ts";
import { type ArtifactDeps, measure } from "../artifacts/artifacts.ts";

export type RespondDeps = Pick<ArtifactDeps, "digest" | "keepContent"> & {
  findRequest: (tenant: string, id: string) => Promise<ProjectKey & { task_id: string }>;
};

export type RespondInput = {
  request_id: string;
  action: HitlAction;
  content?: Json | undefined;
  comment?: string | undefined;
};

type RespondResult = {
  request_id: string;
  action: HitlAction;
  status: HitlStatus;
  message: string;
  workflow_resumed: boolean;
  request: RequestRecord;
};

const messages = {
  approve: "Approved.",
  reject: "Rejected: the project is halted until it is resumed.",
  amend: "Amended.",
} as const satisfies Record<HitlAction, string>;

const keepAmendment = async (
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
 * Decides a request by a person's response. Of several responses, exactly one decides it.
 *
 * @throws Problem `not-found`, `too-large`; from its decision `already-decided` for all other responses, and when the
 * request has expired
 */
export const respond = async (
  deps: RespondDeps,
  call: Call,
  input: RespondInput,
): Promise<Command<RespondResult>> => {
  const { request_id, action, comment = null } = input;
  const place = await deps.findRequest(call.tenant, request_id);
  const content = await keepAmendment(deps, place, input);
  return {
    project_id: place.project_id,
    needs: { requests: [request_id], tasks: [place.task_id] },
    more: ({ requests }) => {
      const about = requests[request_id]?.about;
      return about ? { ledgers: [ledgerOfLimit(about)] } : {};
    },
    decide: (change, moment) => {
      const request = change.requests[request_id];
      const task = change.tasks[place.task_id];
      if (!request || !task) throw new Problem("not-found", `There is no request ${request_id}.`);
      return {
        change: decide(request, task, { action, comment, content }, moment)(change),
        answer: ({ project, requests }) => {
          const answered = requests[request_id] ?? request;
          return {
            request_id,
            action,
            status: answered.status,
            message: messages[action],
            workflow_resumed: action !== "reject" && project.status === "active",
            request: answered,
          };
        },
      };
    },
  };
};

import * as z from "zod";
import { tagOf } from "../../contracts/etags.ts";
import { ContextArtifact } from "../../domain/artifact/artifact.ts";
import { Id, OversightLevel, Phase } from "../../domain/common.ts";
import { JsonObject } from "../../domain/json.ts";
import { ProjectStatus } from "../../domain/project/project.ts";
import {
  Comment,
  HistoryEntry,
  HitlAction,
  HitlRequest,
  HitlStatus,
  Options,
  Question,
} from "../../domain/request/request.ts";
import { shownRequest } from "../../domain/request/respond.ts";
import { Task } from "../../domain/task/task.ts";
import { NextCursor, paging, projectPath } from "../fields.ts";
import { defineBatch, defineCommand, defineQuery } from "../route.ts";

const tag = "Human in the loop";
const requestPath = z.strictObject({ request_id: Id.meta({ description: "The request." }) });

const requestList = z.object({
  requests: z.array(HitlRequest),
  pending_count: z.int(),
  next_cursor: NextCursor,
});

export const openRequestRoute = defineCommand({
  operationId: "openHitlRequest",
  method: "post",
  path: "/api/v1/projects/{project_id}/hitl",
  summary: "Ask a person about a task, which waits for the answer",
  tag,
  access: "agent",
  request: z.object({
    path: projectPath,
    body: z
      .strictObject({
        task_id: Id,
        question: Question,
        options: Options.default([]),
        context_ids: z
          .array(Id)
          .max(16)
          .default([])
          .meta({ description: "Artifacts to be judged." }),
        expires_in_seconds: z
          .int()
          .min(1)
          .max(2_592_000)
          .optional()
          .meta({ description: "24 hours when left out." }),
      })
      .meta({
        id: "NewHitlRequest",
        examples: [
          {
            task_id: "0198c0de-0000-7000-8000-000000000001",
            question: "Which database?",
            options: ["PostgreSQL", "DynamoDB"],
          },
        ],
      }),
  }),
  response: HitlRequest,
  status: 201,
  problems: ["conflict"],
  idempotent: true,
  ifMatch: null,
  tagOf: tagOf.request,
  location: ({ request_id }) => `/api/v1/hitl/${request_id}`,
});

export const pendingRequestsRoute = defineQuery({
  operationId: "listPendingHitlRequests",
  path: "/api/v1/hitl/pending",
  summary: "What waits for the caller in all projects, oldest first",
  tag,
  access: "viewer",
  request: z.object({ query: z.strictObject(paging) }),
  response: requestList,
  status: 200,
  problems: [],
});

export const projectRequestsRoute = defineQuery({
  operationId: "listProjectHitlRequests",
  path: "/api/v1/hitl/project/{project_id}/requests",
  summary: "A project's requests, newest first",
  tag,
  access: "viewer",
  request: z.object({
    path: projectPath,
    query: z.strictObject({
      status_filter: HitlStatus.optional().meta({ description: "Only requests in this status." }),
      ...paging,
    }),
  }),
  response: requestList,
  status: 200,
  problems: [],
});

export const getRequestRoute = defineQuery({
  operationId: "getHitlRequest",
  path: "/api/v1/hitl/{request_id}",
  summary: "One request",
  tag,
  access: "viewer",
  request: z.object({ path: requestPath }),
  response: HitlRequest,
  status: 200,
  problems: [],
  tagOf: tagOf.request,
});

export const requestHistoryRoute = defineQuery({
  operationId: "getHitlHistory",
  path: "/api/v1/hitl/{request_id}/history",
  summary: "What was done with a request, oldest first",
  tag,
  access: "viewer",
  request: z.object({ path: requestPath }),
  response: z.object({ request_id: Id, history: z.array(HistoryEntry) }),
  status: 200,
  problems: [],
});

export const requestContextRoute = defineQuery({
  operationId: "getHitlContext",
  path: "/api/v1/hitl/{request_id}/context",
  summary: "The task, the artifacts to be judged as they were shown, and where the workflow stands",
  tag,
  access: "viewer",
  request: z.object({ path: requestPath }),
  response: z.object({
    request: HitlRequest,
    task: Task,
    artifacts: z.array(ContextArtifact),
    workflow: z.object({
      project_id: Id,
      name: z.string(),
      status: ProjectStatus,
      current_phase: Phase,
      oversight_level: OversightLevel,
      progress_percentage: z.int(),
    }),
  }),
  status: 200,
  problems: [],
});

const RespondBody = z
  .strictObject({
    action: HitlAction,
    content: z
      .union([z.string().min(1), z.number(), JsonObject], "Must be a text, a number or an object")
      .optional()
      .meta({
        description:
          'What to change: required to amend. For a question about a budget, the new limit in US dollars: `10`, `"$7.50"`, `"50 cents"`, `{"amount": 10}`. It must be more than what is spent.',
      }),
    comment: Comment.optional(),
  })
  .refine(({ action, content }) => action !== "amend" || content !== undefined, {
    path: ["content"],
    message: "An amendment needs content.",
  })
  .meta({
    id: "HitlAnswer",
    examples: [{ action: "approve" }, { action: "amend", content: "Use DynamoDB." }],
  });

export const respondRoute = defineCommand({
  operationId: "respondToHitlRequest",
  method: "post",
  path: "/api/v1/hitl/{request_id}/respond",
  summary: "Approve, reject or amend; of several answers exactly one is taken",
  tag,
  access: "approver",
  request: z.object({ path: requestPath, body: RespondBody }),
  response: z
    .object({
      request_id: Id,
      action: HitlAction,
      status: HitlStatus,
      message: z.string(),
      workflow_resumed: z.boolean(),
      request: HitlRequest,
    })
    .meta({ id: "HitlDecision" }),
  status: 200,
  problems: ["already-decided", "too-large"],
  idempotent: true,
  ifMatch: ({ requests }, { path }) => {
    const request = requests[path.request_id];
    return request && tagOf.request(request);
  },
  present: (body) => ({ ...body, request: shownRequest(body.request) }),
});

export const bulkApproveRoute = defineBatch({
  operationId: "bulkApprove",
  path: "/api/v1/hitl/bulk/approve",
  summary: "Approve up to 25 requests, each on its own",
  tag,
  access: "approver",
  request: z.object({
    body: z
      .strictObject({ request_ids: z.array(Id).min(1).max(25), comment: Comment.optional() })
      .meta({
        id: "BulkApproval",
        examples: [{ request_ids: ["0198c0de-0000-7000-8000-000000000001"] }],
      }),
  }),
  response: z.object({
    approved_count: z.int(),
    failed_count: z.int(),
    results: z.array(
      z.object({
        request_id: Id,
        success: z.boolean(),
        status: HitlStatus.nullable(),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      }),
    ),
  }),
  status: 200,
  problems: [],
});

export const hitlRoutes = [
  openRequestRoute,
  pendingRequestsRoute,
  projectRequestsRoute,
  getRequestRoute,
  requestHistoryRoute,
  requestContextRoute,
  respondRoute,
  bulkApproveRoute,
] as const;

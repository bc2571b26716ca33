import * as z from "zod";
import { CallRecord } from "../../domain/budget/call-record.ts";
import { Id, Instant } from "../../domain/common.ts";
import { NextCursor, paging, projectPath } from "../fields.ts";
import { defineQuery } from "../route.ts";

const taskPath = projectPath.extend({ task_id: Id.meta({ description: "The task." }) });

const ModelCall = CallRecord.omit({ cost: true, rev: true })
  .extend({
    said: z
      .string()
      .nullable()
      .meta({ description: "What the provider said about a failure, truncated." }),
    duration_ms: z.int(),
    estimated: z.boolean().meta({ description: "The provider gave no count that can be." }),
    cost_usd: z.number(),
  })
  .meta({ id: "ModelCall", description: "A call of a model that is over." });

export const taskCallsRoute = defineQuery({
  operationId: "listTaskCalls",
  path: "/api/v1/projects/{project_id}/tasks/{task_id}/calls",
  summary: "The calls of models of one task, with what providers said about failures",
  tag: "Tasks",
  access: "operator",
  request: z.object({
    path: taskPath,
    query: z.strictObject(paging),
  }),
  response: z.object({ calls: z.array(ModelCall), next_cursor: NextCursor }),
  status: 200,
  problems: [],
});

export const callTranscriptRoute = defineQuery({
  operationId: "getCallTranscript",
  path: "/api/v1/projects/{project_id}/tasks/{task_id}/calls/{call_id}/transcript",
  summary: "What was sent in a call of a model and what came back, while KEEP_TRANSCRIPTS keeps it",
  tag: "Tasks",
  access: "admin",
  request: z.object({ path: taskPath.extend({ call_id: Id.meta({ description: "The call." }) }) }),
  response: z
    .object({
      task_id: Id,
      call_id: Id,
      expires_at: Instant,
      content: z
        .unknown()
        .meta({ description: "The request and the response; long texts may be cut." }),
    })
    .meta({ id: "CallTranscript" }),
  status: 200,
  problems: [],
});

export const exportUsageRoute = defineQuery({
  operationId: "exportUsage",
  path: "/api/v1/projects/{project_id}/usage/export",
  summary: "Every call of a model as CSV: tokens, money, outcome",
  tag: "Projects",
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: z.object({ file_name: z.string(), data: z.instanceof(Uint8Array<ArrayBufferLike>) }),
  status: 200,
  problems: ["too-large"],
  file: {
    contentType: "text/csv; charset=utf-8",
    of: ({ file_name, data }) => ({ name: file_name, data }),
  },
});

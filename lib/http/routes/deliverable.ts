import * as z from "zod";
import { tagOf } from "../../contracts/etags.ts";
import { DeliverableSummary } from "../../domain/artifact/deliverable.ts";
import { projectPath } from "../fields.ts";
import { defineQuery } from "../route.ts";

const tag = "Context";

export const deliverableSummaryRoute = defineQuery({
  operationId: "getDeliverableSummary",
  path: "/api/v1/artifacts/{project_id}/summary",
  summary: "What is in the archive of a project's artifacts",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: DeliverableSummary,
  status: 200,
  problems: ["too-large", "busy"],
  tagOf: tagOf.deliverable,
});

export const downloadDeliverableRoute = defineQuery({
  operationId: "downloadDeliverable",
  path: "/api/v1/artifacts/{project_id}/download",
  summary:
    "A project's artifacts as a ZIP: summary, documents, and the source files in their folders",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: z.object({
    file_name: z.string(),
    sha256: z.string(),
    data: z.instanceof(Uint8Array<ArrayBufferLike>),
  }),
  status: 200,
  problems: ["too-large", "busy"],
  tagOf: tagOf.deliverable,
  file: {
    contentType: "application/zip",
    of: ({ file_name, data }) => ({ name: file_name, data }),
  },
});

export const deliverableRoutes = [deliverableSummaryRoute, downloadDeliverableRoute] as const;

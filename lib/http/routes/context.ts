import * as z from "zod";
import { tagOf } from "../../contracts/etags.ts";
import { ArtifactSummary, ContextArtifact } from "../../domain/artifact/artifact.ts";
import { ArtifactType } from "../../domain/artifact/artifact-type.ts";
import type { Change } from "../../domain/change.ts";
import { Id } from "../../domain/common.ts";
import { Json, JsonObject } from "../../domain/json.ts";
import { NextCursor, paging, projectPath } from "../fields.ts";
import { defineCommand, defineQuery } from "../route.ts";
import { ArtifactSource } from "./defined.ts";

const tag = "Context";
const artifactPath = z.strictObject({ context_id: Id.meta({ description: "The artifact." }) });

const ifMatch = (
  { artifacts }: Change,
  { path: { context_id } }: { path: z.output<typeof artifactPath> },
) => {
  const artifact = artifacts[context_id];
  return artifact && tagOf.artifact(artifact);
};

export const addArtifactRoute = defineCommand({
  operationId: "addArtifact",
  method: "post",
  path: "/api/v1/projects/{project_id}/artifacts",
  summary: "Add the user's own context",
  tag,
  access: "agent",
  request: z.object({
    path: projectPath,
    body: z
      .strictObject({
        artifact_type: ArtifactType,
        content: Json,
        artifact_metadata: JsonObject.default({}),
      })
      .meta({
        id: "NewArtifact",
        examples: [{ artifact_type: "user_input", content: "Lists can be shared by a link." }],
      }),
  }),
  response: ContextArtifact,
  status: 201,
  problems: ["too-large"],
  idempotent: true,
  ifMatch: null,
  tagOf: tagOf.artifact,
  location: ({ context_id }) => `/api/v1/context/artifacts/${context_id}`,
});

export const listArtifactsRoute = defineQuery({
  operationId: "listArtifacts",
  path: "/api/v1/context/project/{project_id}/artifacts",
  summary: "A project's artifacts, without their contents",
  tag,
  access: "viewer",
  request: z.object({
    path: projectPath,
    query: z.strictObject({
      artifact_type: ArtifactType.optional().meta({ description: "Only artifacts of this type." }),
      source_agent: ArtifactSource.optional().meta({
        description: "Only artifacts made by this agent, or by the user.",
      }),
      ...paging,
    }),
  }),
  response: z.object({ artifacts: z.array(ArtifactSummary), next_cursor: NextCursor }),
  status: 200,
  problems: [],
});

export const getArtifactRoute = defineQuery({
  operationId: "getArtifact",
  path: "/api/v1/context/artifacts/{context_id}",
  summary: "One artifact with its content, in its current version or the one asked for",
  tag,
  access: "viewer",
  request: z.object({
    path: artifactPath,
    query: z.strictObject({
      version: z.coerce
        .number()
        .int()
        .min(1)
        .max(1e9)
        .optional()
        .meta({ description: "The current one when left out." }),
    }),
  }),
  response: ContextArtifact,
  status: 200,
  problems: [],
  tagOf: tagOf.artifact,
});

export const replaceArtifactRoute = defineCommand({
  operationId: "replaceArtifact",
  method: "put",
  path: "/api/v1/context/artifacts/{context_id}",
  summary: "A new version; the older ones stay readable",
  tag,
  access: "agent",
  request: z.object({
    path: artifactPath,
    body: z
      .strictObject({ content: Json, artifact_metadata: JsonObject.optional() })
      .meta({ id: "ArtifactChange", examples: [{ content: "Lists are private." }] }),
  }),
  response: ContextArtifact,
  status: 200,
  problems: ["too-large"],
  idempotent: false,
  ifMatch,
  tagOf: tagOf.artifact,
});

export const removeArtifactRoute = defineCommand({
  operationId: "deleteArtifact",
  method: "delete",
  path: "/api/v1/context/artifacts/{context_id}",
  summary: "Take an artifact out of the project",
  tag,
  access: "agent",
  request: z.object({ path: artifactPath }),
  response: z.null(),
  status: 204,
  problems: [],
  idempotent: false,
  ifMatch,
});

export const contextRoutes = [
  addArtifactRoute,
  listArtifactsRoute,
  getArtifactRoute,
  replaceArtifactRoute,
  removeArtifactRoute,
] as const;

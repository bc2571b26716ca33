import type { Call } from "../../contracts/call.ts";
import type { Command } from "../../contracts/command.ts";
import type { Page } from "../../contracts/page.ts";
import {
  type ArtifactRecord,
  maxContentBytes,
  maxMetadataBytes,
  type SourceAgent,
} from "../../domain/artifact/artifact.ts";
import type { ArtifactType } from "../../domain/artifact/artifact-type.ts";
import { deleteArtifact, nextVersion, saveArtifact } from "../../domain/artifact/save-artifact.ts";
import { apply, type Change, setProject } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Json } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import { fillPage } from "../page.ts";
import type { LoadProject } from "../reads.ts";

export type Digest = (content: Json) => { sha256: string; bytes: number };

export type ArtifactDeps = {
  digest: Digest;
  keepContent: (key: ProjectKey, kept: { sha256: string; content: Json }) => Promise<void>;
  loadContents: (key: ProjectKey, digests: readonly string[]) => Promise<Map<string, Json>>;
  findArtifact: (tenant: string, id: string, version?: number) => Promise<ArtifactRecord>;
  listArtifacts: (
    key: ProjectKey,
    page: { after: string | null; limit: number },
  ) => Promise<Page<ArtifactRecord>>;
  loadProject: LoadProject;
};

/** How many of the user's own artifacts the agents get: the newest. */
const maxInputs = 20;

const refuseLarge = (what: string, bytes: number, maxBytes: number) => {
  if (bytes <= maxBytes) return;
  throw new Problem("too-large", `The ${what} is ${bytes} bytes, more than ${maxBytes}.`, {
    extensions: { max_bytes: maxBytes },
  });
};

/** Gives the digest and bytes of a content that may be stored. @throws Problem `too-large` above `maxContentBytes` */
export const measure = (digest: Digest, content: Json) => {
  const measured = digest(content);
  refuseLarge("content", measured.bytes, maxContentBytes);
  return measured;
};

type Fields = { content: Json; artifact_metadata: Record<string, Json> };

const measureBoth = (digest: Digest, { content, artifact_metadata }: Fields) => {
  refuseLarge("metadata", digest(artifact_metadata).bytes, maxMetadataBytes);
  return measure(digest, content);
};

type ArtifactWithContent = ArtifactRecord & { content: Json };

/**
 * Adds a person's artifact to a project. Agents get it from the next task on.
 *
 * @throws Problem `not-found`, `too-large`
 */
export const addArtifact = async (
  deps: Pick<ArtifactDeps, "digest" | "keepContent" | "loadProject">,
  call: Call,
  input: Fields & { project_id: string; artifact_type: ArtifactType },
): Promise<Command<ArtifactWithContent>> => {
  const { project_id, artifact_type, content, artifact_metadata } = input;
  const { sha256, bytes } = measureBoth(deps.digest, input);
  await deps.loadProject({ tenant: call.tenant, project_id });
  await deps.keepContent({ tenant: call.tenant, project_id }, { sha256, content });
  return {
    project_id,
    decide: (change, moment) => {
      const artifact = nextVersion(
        undefined,
        { project_id, artifact_type, artifact_metadata, sha256, source_agent: "user" },
        moment,
      );
      const inputs = [...change.project.inputs, artifact.context_id].slice(-maxInputs);
      return {
        change: apply(change, setProject({ inputs }), saveArtifact(artifact, bytes, null)),
        answer: () => ({ ...artifact, content }),
      };
    },
  };
};

const artifactOf = (change: Change, id: string): ArtifactRecord => {
  const artifact = change.artifacts[id];
  if (artifact) return artifact;
  throw new Problem("not-found", `There is no artifact ${id}.`);
};

/**
 * Adds a person's new version of an artifact. Older versions stay readable. A version that equals the current one is not
 * added, so that a PUT may be sent again.
 *
 * @throws Problem `not-found`, `too-large`
 */
export const replaceArtifact = async (
  deps: Pick<ArtifactDeps, "digest" | "keepContent" | "findArtifact">,
  call: Call,
  input: {
    context_id: string;
    content: Json;
    artifact_metadata?: Fields["artifact_metadata"] | undefined;
  },
): Promise<Command<ArtifactWithContent>> => {
  const { context_id, content } = input;
  const { project_id } = await deps.findArtifact(call.tenant, context_id);
  const artifact_metadata = input.artifact_metadata ?? {};
  const { sha256, bytes } = measureBoth(deps.digest, { content, artifact_metadata });
  await deps.keepContent({ tenant: call.tenant, project_id }, { sha256, content });
  return {
    project_id,
    needs: { artifacts: [context_id] },
    decide: (change, moment) => {
      const before = artifactOf(change, context_id);
      const { artifact_type } = before;
      const metadata = input.artifact_metadata ?? before.artifact_metadata;
      const same = deps.digest(metadata).sha256 === deps.digest(before.artifact_metadata).sha256;
      if (same && sha256 === before.sha256) {
        return { change, answer: () => ({ ...before, content }) };
      }
      const artifact = nextVersion(
        before,
        { project_id, artifact_type, artifact_metadata: metadata, sha256, source_agent: "user" },
        moment,
      );
      return {
        change: saveArtifact(artifact, bytes, null)(change),
        answer: () => ({ ...artifact, content }),
      };
    },
  };
};

/** Deletes an artifact. @throws Problem `not-found` */
export const removeArtifact = async (
  deps: Pick<ArtifactDeps, "findArtifact">,
  call: Call,
  { context_id }: { context_id: string },
): Promise<Command<null>> => {
  const { project_id } = await deps.findArtifact(call.tenant, context_id);
  return {
    project_id,
    needs: { artifacts: [context_id] },
    decide: (change, moment) => ({
      change: deleteArtifact(artifactOf(change, context_id), moment)(change),
      answer: () => null,
    }),
  };
};

/** Gives an artifact with its content, by default in its newest version. @throws Problem `not-found` */
export const getArtifact = async (
  deps: Pick<ArtifactDeps, "findArtifact" | "loadContents">,
  call: Call,
  { context_id, version }: { context_id: string; version?: number | undefined },
): Promise<ArtifactWithContent> => {
  const artifact = await deps.findArtifact(call.tenant, context_id, version);
  const { project_id, sha256 } = artifact;
  const contents = await deps.loadContents({ tenant: call.tenant, project_id }, [sha256]);
  return { ...artifact, content: contents.get(sha256) ?? null };
};

type Query = {
  project_id: string;
  artifact_type?: ArtifactType | undefined;
  source_agent?: SourceAgent | undefined;
  after: string | null;
  limit: number;
};

/** Lists a project's artifacts without their contents, in the order of their creation. @throws Problem `not-found` */
export const listArtifacts = async (
  deps: Pick<ArtifactDeps, "listArtifacts" | "loadProject">,
  call: Call,
  { project_id, artifact_type, source_agent, ...page }: Query,
): Promise<Page<ArtifactRecord>> => {
  const key = { tenant: call.tenant, project_id };
  await deps.loadProject(key);
  return fillPage((after, limit) => deps.listArtifacts(key, { after, limit }), {
    ...page,
    positionOf: ({ context_id }) => context_id,
    keep: (artifact) =>
      (artifact_type === undefined || artifact.artifact_type === artifact_type) &&
      (source_agent === undefined || artifact.source_agent === source_agent),
  });
};

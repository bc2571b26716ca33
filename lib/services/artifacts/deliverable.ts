import { type Deliverable, layOut } from "../../archive/layout.ts";
import type { GivenArtifact, PackedFile } from "../../archive/parts.ts";
import type { Call } from "../../contracts/call.ts";
import { type ArtifactRecord, ContextArtifact } from "../../domain/artifact/artifact.ts";
import { DeliverableFile, type DeliverableSummary } from "../../domain/artifact/deliverable.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { byteLength, canonicalJson } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { countFitting } from "../page.ts";
import { readConsistently } from "../read-consistently.ts";
import type { ArtifactDeps } from "./artifacts.ts";

type ReadDeps = Pick<ArtifactDeps, "loadProject" | "listArtifacts" | "loadContents">;

export type DeliverableDeps = ReadDeps & { zip: (files: readonly PackedFile[]) => Uint8Array };

/** Artifacts of an archive. */
const maxArtifacts = 1_000;
/** Contents as JSON. An archive has each about twice, and a function has seconds to make it. */
const maxArchivedBytes = 8_000_000;
/** Files before they are compressed. A document can be larger than the content it shows. */
const maxFileBytes = 24_000_000;
/** As base64 it is four thirds of this: 6 000 000 bytes of the `maxAnswerBytes` (6 291 456) of an answer. */
export const maxZipBytes = 4_500_000;
/** Contents read at a time: 25 of at most 256 KB each. */
const contentsPerRead = 25;

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

const tooLarge = (what: string, max_bytes: number, project_id: string) =>
  new Problem(
    "too-large",
    `${what}. Read its artifacts one by one: GET /api/v1/context/project/${project_id}/artifacts lists them.`,
    { extensions: { max_bytes } },
  );

const refuseMany = ({ id, counts }: ProjectRecord) => {
  if (counts.artifacts <= maxArtifacts) return;
  const what = `The project has ${counts.artifacts} artifacts, more than the ${maxArtifacts} of an archive`;
  throw tooLarge(what, maxArchivedBytes, id);
};

const listAll = async (deps: ReadDeps, key: ProjectKey): Promise<ArtifactRecord[]> => {
  const found: ArtifactRecord[] = [];
  let after: string | null = null;
  do {
    const { items, last } = await deps.listArtifacts(key, { after, limit: 100 });
    found.push(...items);
    after = last;
  } while (after !== null && found.length <= maxArtifacts);
  return found;
};

/** Contents never change under their digests, so they may be read later than the list. */
const withContents = async (
  deps: ReadDeps,
  key: ProjectKey,
  records: readonly ArtifactRecord[],
): Promise<GivenArtifact[]> => {
  const artifacts: GivenArtifact[] = [];
  let bytes = 0;
  for (let start = 0; start < records.length; start += contentsPerRead) {
    const some = records.slice(start, start + contentsPerRead);
    const contents = await deps.loadContents(
      key,
      some.map(({ sha256 }) => sha256),
    );
    for (const record of some) {
      const content = contents.get(record.sha256) ?? null;
      const json = canonicalJson(content);
      bytes += byteLength(json);
      artifacts.push({ ...ContextArtifact.parse({ ...record, content }), json });
    }
    if (bytes > maxArchivedBytes) {
      const what = `The project's artifacts are more than ${megabytes(maxArchivedBytes)}, too much for one archive`;
      throw tooLarge(what, maxArchivedBytes, key.project_id);
    }
  }
  return artifacts;
};

const read = async (
  deps: ReadDeps,
  call: Call,
  project_id: string,
): Promise<Deliverable & { project: ProjectRecord }> => {
  const key = { tenant: call.tenant, project_id };
  const { project, found: records } = await readConsistently(
    () => deps.loadProject(key),
    (before) => {
      refuseMany(before);
      return listAll(deps, key);
    },
  );
  const artifacts = await withContents(deps, key, records);
  return { project, ...layOut({ project, artifacts }) };
};

/** What a project's archive holds; the list ends where an answer is full. */
export const summarizeDeliverable = async (
  deps: ReadDeps,
  call: Call,
  { project_id }: { project_id: string },
): Promise<DeliverableSummary> => {
  const { project, file_name, files, total_bytes, sha256 } = await read(deps, call, project_id);
  const listed = files.map((file) => DeliverableFile.parse(file));
  return {
    project_id,
    name: project.name,
    file_name,
    status: project.status,
    files: listed.slice(0, countFitting(listed)),
    file_count: files.length,
    total_bytes,
    sha256,
  };
};

/**
 * A project's archive, and its digest as in the summary.
 *
 * @throws Problem `too-large` when an answer would not hold it
 */
export const downloadDeliverable = async (
  deps: DeliverableDeps,
  call: Call,
  { project_id }: { project_id: string },
) => {
  const { file_name, files, total_bytes, sha256 } = await read(deps, call, project_id);
  if (total_bytes > maxFileBytes) {
    const what = `The files are ${megabytes(total_bytes)}, too much for one archive`;
    throw tooLarge(what, maxFileBytes, project_id);
  }
  const data = deps.zip(files);
  if (data.length <= maxZipBytes) return { file_name, sha256, data };
  const what = `The archive is ${megabytes(data.length)}, more than the ${megabytes(maxZipBytes)} of an answer`;
  throw tooLarge(what, maxZipBytes, project_id);
};

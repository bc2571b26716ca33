import { isDecision } from "../../archive/decisions.ts";
import { type Deliverable, layOut } from "../../archive/layout.ts";
import type { ArchivedArtifact, ArchiveInput, PackedFile } from "../../archive/parts.ts";
import type { Call } from "../../contracts/call.ts";
import { type ArtifactRecord, ContextArtifact } from "../../domain/artifact/artifact.ts";
import { DeliverableFile, type DeliverableSummary } from "../../domain/artifact/deliverable.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Event } from "../../domain/events.ts";
import { byteLength, canonicalJson } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { countFitting, eachPage } from "../page.ts";
import { readConsistently } from "../read-consistently.ts";
import type { ReadLog } from "../reads.ts";
import type { ArtifactDeps } from "./artifacts.ts";

type ReadDeps = Pick<ArtifactDeps, "loadProject" | "listArtifacts" | "loadContents"> & {
  readLog: ReadLog;
};

export type DeliverableDeps = ReadDeps & { zip: (files: readonly PackedFile[]) => Uint8Array };

/** Artifacts that an archive may have. */
const maxArtifacts = 1_000;
/** Bytes of all contents as JSON. An archive holds each content about twice, and the function has only seconds to make it. */
const maxArchivedBytes = 8_000_000;
/** Bytes of all files before compression. A file can be larger than the content that it shows. */
const maxFileBytes = 24_000_000;
/** Bytes of the ZIP. As base64 they are four thirds: 6 000 000 of the 6 291 456 bytes of `maxAnswerBytes`. */
export const maxZipBytes = 4_500_000;
/** Commits of the log read at once, and events that are looked through for decisions. */
const commitsPerRead = 100;
const maxEventsRead = 20_000;
/** Contents read at once: each has at most 256 KB. */
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
  const pages = eachPage((after) => deps.listArtifacts(key, { after, limit: 100 }));
  for await (const items of pages) {
    found.push(...items);
    if (found.length > maxArtifacts) break;
  }
  return found;
};

/** Reads the decisions in the log, page by page. */
const readDecisions = async (deps: ReadDeps, key: ProjectKey): Promise<ArchiveInput["log"]> => {
  const events: Event[] = [];
  let after = 0;
  let read = 0;
  while (read < maxEventsRead) {
    const page = await deps.readLog(key, { after, commits: commitsPerRead });
    events.push(...page.events.filter(isDecision));
    read += page.events.length;
    after = page.events.at(-1)?.seq ?? after;
    if (!page.more || page.events.length === 0) return { events, isWhole: true };
  }
  return { events, isWhole: false };
};

/** Adds the contents. The content of a digest never changes, so it can be read after the list. */
const withContents = async (
  deps: ReadDeps,
  key: ProjectKey,
  records: readonly ArtifactRecord[],
): Promise<ArchivedArtifact[]> => {
  const artifacts: ArchivedArtifact[] = [];
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
  const { project, found } = await readConsistently(
    () => deps.loadProject(key),
    async (before) => {
      refuseMany(before);
      const [records, log] = await Promise.all([listAll(deps, key), readDecisions(deps, key)]);
      return { records, log };
    },
  );
  const artifacts = await withContents(deps, key, found.records);
  return { project, ...layOut({ project, artifacts, log: found.log }) };
};

/**
 * Lists the files of a project's archive; the list ends when the answer is full.
 *
 * @throws Problem `not-found`, `busy`; `too-large` when the project has too many artifacts for an archive
 */
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
 * Makes a project's archive; its digest is the one in the summary.
 *
 * @throws Problem `not-found`, `busy`; `too-large` when the archive does not fit into an answer
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

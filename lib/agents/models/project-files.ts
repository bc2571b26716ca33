import type { AgentContext, ContextHead, ContextItem } from "../context.ts";
import { readNewestSource } from "../edits/newest-source.ts";
import { findName, plainPath } from "./find-name.ts";

type FileHead = { path: string; characters: number };

/** Names that an answer shows of all there are. */
const maxShown = 20;

const noSource = "There is no source code yet.";

const listed = (names: readonly string[]): string => {
  const more = names.length - maxShown;
  return `${names.slice(0, maxShown).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
};

const filesOf = async (agentContext: AgentContext) =>
  (await readNewestSource(agentContext))?.files ?? [];

/** Whether a path is a folder or lies in it. Case does not matter. */
const isBelow = (path: string, folder: string): boolean => {
  const [inner, outer] = [plainPath(path).toLowerCase(), plainPath(folder).toLowerCase()];
  return outer === "" || inner === outer || inner.startsWith(`${outer}/`);
};

const foldersOf = (paths: readonly string[]): string[] => [
  ...new Set(
    paths
      .map(plainPath)
      .flatMap((path) => (path.includes("/") ? [path.replace(/\/[^/]*$/, "/")] : [])),
  ),
];

/** Lists the newest source files, all or those of a folder. An unknown folder is answered with those there are. */
export const listFiles = async (
  agentContext: AgentContext,
  folder: string,
): Promise<FileHead[] | string> => {
  const files = await filesOf(agentContext);
  const found = files.filter(({ path }) => isBelow(path, folder.replace(/\*+$/, "")));
  if (found.length > 0 || files.length === 0) {
    return found.map(({ path, content }) => ({ path, characters: content.length }));
  }
  const folders = foldersOf(files.map(({ path }) => path));
  return folders.length > 0
    ? `There is no such folder. There are: ${listed(folders)}.`
    : "There is no such folder: all files are at the top.";
};

const contentInWords = (content: string): string => {
  if (content === "") return "(empty)";
  return content.trim() === "" ? "(empty: only white space)" : content;
};

const missingFile = (near: readonly string[], paths: readonly string[]): string =>
  near.length > 0
    ? `There is no such file. Near: ${listed(near)}.`
    : `There is no such file. There are: ${listed(paths)}.`;

/** Reads one of the newest source files, by its name as people mean it. What is not there is answered with what is near. */
export const readFile = async (agentContext: AgentContext, path: string): Promise<string> => {
  const files = await filesOf(agentContext);
  if (files.length === 0) return noSource;
  const paths = files.map((file) => file.path);
  const found = findName(path, paths);
  if ("near" in found) return missingFile(found.near, paths);
  return contentInWords(files.find((file) => file.path === found.name)?.content ?? "");
};

const artifactLine = ({ context_id, artifact_type }: ContextHead) =>
  `${context_id} (${artifact_type})`;

/** Characters of an id that are enough to name it. */
const minIdStart = 8;

const idsMeant = (asked: string, heads: readonly ContextHead[]): string[] => {
  const wanted = asked.replaceAll(/[^0-9a-z_-]/gi, "").toLowerCase();
  const ids = heads.map(({ context_id }) => context_id);
  const same = ids.filter((id) => id.toLowerCase() === wanted);
  if (same.length > 0 || wanted.length < minIdStart) return same;
  return ids.filter((id) => id.toLowerCase().startsWith(wanted));
};

/** Reads an artifact by its id, also by the beginning of one. What is not there is answered with what there is. */
export const readArtifact = async (
  { context }: AgentContext,
  context_id: string,
  version: number | undefined,
): Promise<ContextItem | string> => {
  const exact = await context.read(context_id, version);
  if (exact) return exact;
  const heads = await context.list();
  const [id, other] = idsMeant(context_id, heads);
  const isOther = id !== undefined && other === undefined && id !== context_id;
  const found = isOther ? await context.read(id, version) : null;
  if (found) return found;
  if (id !== undefined && version !== undefined) {
    const newest = heads.find((head) => head.context_id === id)?.version;
    return `There is no version ${version} of it. The newest is ${newest}.`;
  }
  return heads.length > 0
    ? `There is no such artifact. There are: ${listed(heads.map(artifactLine))}.`
    : "There is no such artifact: the project has none yet.";
};

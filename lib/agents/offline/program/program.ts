import type { Requirement } from "../../contents/software-specification.ts";
import type { SourceCodeFile } from "../../contents/source-code.ts";
import type { SystemArchitecture } from "../../contents/system-architecture.ts";
import { actionFiles } from "./action-files.ts";
import { addCheck, type Check, checksFile, checksIn, checksPath } from "./checks.ts";
import { entryFiles } from "./entry-files.ts";
import { packageFile, principlesFile, readmeFile } from "./guide-files.ts";
import { httpFiles } from "./http-files.ts";
import { partFiles, projectFile, trialOf } from "./part-files.ts";
import { type ProgramPart, partsOf, qualitiesIn } from "./parts.ts";
import { requirementTest } from "./requirement-test.ts";
import { type ProgramRoute, routesOf } from "./routes.ts";
import { storeFiles } from "./store-files.ts";
import { testFiles } from "./test-files.ts";

/** What a program is written from. */
export type Design = {
  name: string;
  about: string;
  requirements: readonly Requirement[];
  architecture: Pick<SystemArchitecture, "components" | "interfaces">;
  /** What the documents say of the whole, and no part of the program does. */
  promises?: readonly string[];
};

/** Gives every requirement an id of its own: another agent may have written them. */
const withOwnIds = (requirements: readonly Requirement[]): Requirement[] =>
  requirements.map((each, at) =>
    requirements.findIndex(({ id }) => id === each.id) < at
      ? { ...each, id: `${each.id} (${at + 1})` }
      : each,
  );

type Layout = {
  parts: [ProgramPart, ...ProgramPart[]];
  routes: ProgramRoute[];
  qualities: Requirement[];
};

/** Divides a design into parts with their routes. */
export const layoutOf = ({ requirements, architecture }: Design): Layout => {
  const own = withOwnIds(requirements);
  const parts = partsOf(own, architecture.components);
  return { parts, routes: routesOf(parts, architecture.interfaces), qualities: qualitiesIn(own) };
};

const library = [storeFiles, entryFiles, actionFiles, httpFiles].flat();

/** Writes the first version of a program: the same design gives the same files. */
export const programFor = (design: Design): SourceCodeFile[] => {
  const layout = layoutOf(design);
  return [
    readmeFile({ ...design, ...layout }),
    packageFile(design.name),
    projectFile(design.name, design.about),
    ...partFiles(layout.parts, layout.routes),
    ...library,
    checksFile,
    ...testFiles,
    ...requirementTest,
    ...principlesFile(layout.qualities),
  ];
};

/** Whether a file is the same in every program: it names nothing of a project. */
export const isLibrary = ({ path, content }: Pick<SourceCodeFile, "path" | "content">): boolean =>
  library.some((file) => file.path === path && file.content === content);

/** Lists the trials of the requirements in the program's tests, by name. */
export const trialsOf = (design: Design): Map<string, string> =>
  new Map(layoutOf(design).routes.map((route) => [trialOf(route), route.requirement.id]));

const withChecks = (files: readonly SourceCodeFile[], checks: readonly Check[]) =>
  checks.reduce<readonly SourceCodeFile[]>(
    (result, check) => addCheck(result, check) ?? result,
    files,
  );

const isProse = ({ path }: SourceCodeFile) => path.endsWith(".md");

/** Lists the paths, other than prose, whose files are not the templates' own character by character; also missing ones. */
export const differingPaths = (files: readonly SourceCodeFile[], design: Design): string[] => {
  const checks = checksIn(files.find(({ path }) => path === checksPath)?.content ?? "");
  const own = withChecks(programFor(design), checks ?? []).filter((file) => !isProse(file));
  const given = files.filter((file) => !isProse(file));
  const paths = [...new Set([...given, ...own].map(({ path }) => path))];
  const contents = (list: readonly SourceCodeFile[], path: string) =>
    list.filter((file) => file.path === path).map(({ content }) => content);
  return paths.filter((path) => {
    const [content, ...more] = contents(given, path);
    return more.length > 0 || content === undefined || content !== contents(own, path)[0];
  });
};

import type { SourceCodeFile } from "../../contents/source-code.ts";
import { clip, oneLine } from "../text.ts";
import { isKeptOnly } from "./behaviour.ts";
import { functionNames, moduleName } from "./names.ts";
import type { ProgramPart } from "./parts.ts";
import type { ProgramRoute } from "./routes.ts";

/** Makes a text safe and plain to read in a comment of one line: characters that cannot be seen go. */
const commentOf = (text: string, max: number): string =>
  clip(oneLine(oneLine(text).replace(/\p{Cf}/gu, "")), max).replaceAll("*/", "* /");

/** Writes any value as JavaScript. JSON is JavaScript, and has no character that ends a string. */
const literal = (value: unknown): string => JSON.stringify(value);

const javascript = (path: string, content: string): SourceCodeFile => ({
  path,
  language: "javascript",
  content,
});

/** What the name of a trial says when the program does not do what the requirement says. */
const keptOnlyNote = " – only that entries about it are kept";

/** The path of a part's file. */
export const partPath = (name: string): string => `src/parts/${name}.js`;

type NamedRoute = ProgramRoute & { name: string };

const functionFor = ({ requirement, behaviour, name }: NamedRoute): string => {
  const last = behaviour.argument === undefined ? "" : `, ${literal(behaviour.argument)}`;
  return `
/** ${commentOf(requirement.id, 40)}: ${commentOf(requirement.text, 160)} */
export const ${name} = (store, call) => on.${behaviour.run}(store, entity, call${last});
`;
};

const partFile = (
  { name, one, fields }: ProgramPart,
  routes: readonly NamedRoute[],
): SourceCodeFile =>
  javascript(
    partPath(name),
    `import * as on from "../operations.js";

/** What the program keeps. Every entry needs a name; other fields with simple values are taken too. */
export const entity = ${JSON.stringify({ name, one, fields }, null, 2)};
${routes.map(functionFor).join("")}`,
  );

const rowFor = ({ requirement, behaviour, path, name }: NamedRoute, module: string): string => {
  const { kind, method, argument } = behaviour;
  const facts = {
    method,
    path,
    requirement: commentOf(requirement.id, 40),
    purpose: commentOf(requirement.title, 80) || "(no title)",
    kind,
    ...(kind === "view" && { view: argument }),
    ...(kind === "collect" && { source: argument }),
    ...(isKeptOnly(requirement, behaviour) && { kept_only: true }),
  };
  const own = Object.entries(facts).map(([key, value]) => `${key}: ${literal(value)}`);
  return `  { ${own.join(", ")}, entity: parts.${module}.entity, run: parts.${module}.${name} },`;
};

const routesFile = (rows: readonly string[]): SourceCodeFile =>
  javascript(
    "src/routes.js",
    `import { usualRoutes } from "./entries.js";
import * as parts from "./parts/index.js";

/** One row for each requirement that the program meets. */
const asked = [
${rows.map((row) => `${row}\n`).join("")}];

export const routes = [...asked, ...Object.values(parts).flatMap(({ entity }) => usualRoutes(entity))];
`,
  );

/** Writes the files of the parts, and those that join them. */
export const partFiles = (
  parts: readonly ProgramPart[],
  routes: readonly ProgramRoute[],
): SourceCodeFile[] => {
  const names = functionNames(routes.map(({ requirement }) => requirement));
  const named = routes.map((route, at): NamedRoute => ({ ...route, name: names[at] ?? "" }));
  const modules = parts.map(({ name }, at) => moduleName(name, at));
  const moduleOf = ({ part }: ProgramRoute) => modules[parts.indexOf(part)] ?? "";
  return [
    ...parts.map((part) =>
      partFile(
        part,
        named.filter((route) => route.part === part),
      ),
    ),
    javascript(
      "src/parts/index.js",
      parts.map(({ name }, at) => `export * as ${modules[at]} from "./${name}.js";\n`).join(""),
    ),
    routesFile(named.map((route) => rowFor(route, moduleOf(route)))),
  ];
};

/** Names the trial of a route in the program's tests. */
export const trialOf = ({ requirement, behaviour }: ProgramRoute): string =>
  `${commentOf(requirement.id, 40)}: ${commentOf(requirement.title, 80) || "(no title)"}${isKeptOnly(requirement, behaviour) ? keptOnlyNote : ""}`;

/** Writes what the program is called, as data. */
export const projectFile = (name: string, about: string): SourceCodeFile =>
  javascript(
    "src/project.js",
    `/** What the program is called, and what it is for. */
export const project = ${JSON.stringify({ name: commentOf(name, 80), about: commentOf(about, 300) }, null, 2)};
`,
  );

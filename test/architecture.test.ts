import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect, test } from "vitest";

type Room = { paths: readonly string[]; packages: readonly RegExp[] };

const aws = /^@aws-sdk\//;
const powertools = /^@aws-lambda-powertools\//;
const zod = /^zod$/;

/** Which folders or files a room may import beside itself, and which packages. */
const rooms: Record<string, Room> = {
  "lib/domain": { paths: [], packages: [zod] },
  "lib/contracts": { paths: ["lib/domain"], packages: [zod] },
  "lib/settings": {
    paths: ["lib/domain", "lib/catalog", "lib/agents/providers"],
    packages: [zod],
  },
  "lib/catalog": {
    paths: ["lib/domain", "lib/json-schema"],
    packages: [zod, /^yaml$/, /^node:(fs|path|url)$/],
  },
  "lib/services": {
    paths: [
      "lib/domain",
      "lib/contracts",
      "lib/settings",
      "lib/archive",
      "lib/agents/context.ts",
      "lib/agents/providers",
    ],
    packages: [],
  },
  "lib/archive": { paths: ["lib/domain"], packages: [/^fflate$/, /^node:crypto$/] },
  "lib/json-schema": {
    paths: ["lib/domain"],
    packages: [zod, /^ajv$/, /^ajv\/dist\//, /^ajv-formats$/, /^re2js$/],
  },
  "lib/agents": {
    paths: ["lib/catalog", "lib/domain", "lib/settings", "lib/json-schema"],
    packages: [zod],
  },
  "lib/agents/models": {
    paths: ["lib/catalog", "lib/domain", "lib/settings", "lib/agents", "lib/json-schema"],
    packages: [zod, /^ai$/],
  },
  "lib/agents/mcp": { paths: ["lib/domain", "lib/json-schema"], packages: [/^node:crypto$/] },
  "lib/agents/providers": {
    paths: [],
    packages: [/^ai$/, /^@ai-sdk\//, /^eventsource-parser$/, /^@smithy\/eventstream-codec$/],
  },
  "lib/adapters": {
    paths: ["lib/domain", "lib/contracts", "lib/settings", "lib/agents/providers"],
    packages: [aws, /^uuid$/, /^node:/],
  },
  "lib/http": {
    paths: ["lib/domain", "lib/contracts", "lib/catalog"],
    packages: [zod, /^@middy\//, /^aws-lambda$/, /^node:crypto$/],
  },
  functions: {
    paths: ["lib", "package.json"],
    packages: [aws, powertools, zod, /^aws-lambda$/, /^node:async_hooks$/],
  },
  // Runs from the sources only: a bundle has the pages as data in its place.
  "lib/http/pages/load-page.ts": {
    paths: ["lib/http/pages"],
    packages: [/^esbuild$/, /^node:(crypto|fs|path|url)$/],
  },
};

const isIn = (path: string, place: string) => path === place || path.startsWith(`${place}/`);
/** The innermost room: models have one inside that of the agents. */
const roomOf = (path: string) =>
  Object.keys(rooms)
    .filter((room) => isIn(path, room))
    .sort((a, b) => b.length - a.length)[0];

const statement =
  /^(?:import|export|\})[^"\n]*from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"/gm;

const importsOf = (source: string): string[] =>
  [...source.matchAll(statement)].flatMap(([, ...names]) => names.filter(Boolean));

/** The imports of `file` that its room does not allow. */
const broken = (file: string, source: string): string[] => {
  const room = roomOf(file);
  if (!room) return ["(no room)"];
  const { paths = [], packages = [] } = rooms[room] ?? {};
  return importsOf(source).filter((name) => {
    if (!name.startsWith(".")) return !packages.some((allowed) => allowed.test(name));
    const target = normalize(join(file, "..", name));
    return ![room, ...paths].some((place) => isIn(target, place));
  });
};

const files = ["functions", "lib"].flatMap((top) =>
  readdirSync(top, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith(".ts"))
    .map(({ parentPath, name }) => join(parentPath, name)),
);

/** Its templates are programs for customers; the imports and types in them are not ours. */
const holdsPrograms = "lib/agents/offline/program";

/** Reads a source file; without the text of its templates where they are programs. */
const read = (file: string) => {
  const source = readFileSync(file, "utf8");
  return isIn(file, holdsPrograms)
    ? source.replace(/`[^`]*`/g, (text) => text.replace(/\S+/g, ""))
    : source;
};

test.each(files)("%s imports only what its room may", (file) => {
  expect(roomOf(file)).toBeDefined();
  expect(broken(file, read(file))).toEqual([]);
});

test.each(files)("%s is at most 250 lines long, and reaches no higher than two folders", (file) => {
  const source = read(file);
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(250);
  expect(importsOf(source).filter((name) => name.startsWith("../../.."))).toEqual([]);
});

const webFiles = readdirSync("web", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name));

test.each(webFiles)("%s is at most 250 lines long", (file) => {
  expect(read(file).trimEnd().split("\n").length).toBeLessThanOrEqual(250);
});

test.each([
  { file: "lib/domain/task/task.ts", from: "../../services/commit/commit.ts" },
  { file: "lib/domain/task/task.ts", from: "node:crypto" },
  { file: "lib/services/commit/commit.ts", from: "../../adapters/dynamodb/tasks.ts" },
  { file: "lib/services/commit/commit.ts", from: "../../agents/open-agents.ts" },
  { file: "lib/services/commit/commit.ts", from: "zod" },
  { file: "lib/archive/layout.ts", from: "../agents/output-schemas.ts" },
  { file: "lib/archive/zip.ts", from: "node:fs" },
  { file: "lib/agents/open-agents.ts", from: "../services/commit/commit.ts" },
  { file: "lib/domain/workflow/workflow.ts", from: "../../catalog/load.ts" },
  { file: "lib/catalog/load.ts", from: "../agents/open-agents.ts" },
  { file: "lib/adapters/dynamodb/tasks.ts", from: "../../http/route.ts" },
  { file: "lib/http/handle.ts", from: "../settings/config.ts" },
  { file: "lib/http/handle.ts", from: "@aws-sdk/client-sqs" },
  { file: "lib/http/documents.ts", from: "esbuild" },
  { file: "lib/settings/config.ts", from: "../adapters/dynamodb/tasks.ts" },
  { file: "functions/tasks.ts", from: "../localstack/commands/dev.ts" },
  { file: "functions/tasks.ts", from: "@middy/core" },
])("$file may not import $from", ({ file, from }) => {
  for (const source of [`import { x } from "${from}";`, `import "${from}";`, `import("${from}")`]) {
    expect(broken(file, source)).toEqual([from]);
  }
});

test.each([
  { file: "lib/services/worker/run-task.ts", from: "../../agents/context.ts" },
  { file: "lib/http/routes/tasks.ts", from: "../fields.ts" },
  { file: "lib/catalog/schema.ts", from: "../domain/workflow/workflow.ts" },
  { file: "functions/wiring/platform.ts", from: "../../lib/settings/config.ts" },
])("$file may import $from", ({ file, from }) => {
  expect(broken(file, `export type { X } from "${from}";`)).toEqual([]);
});

test("a file outside every room is found", () => {
  expect(broken("lib/helpers.ts", "")).toEqual(["(no room)"]);
});

/** Types that a file exports. A schema and the type of the same name beside it are one. */
const typesIn = (source: string): string[] =>
  [...source.matchAll(/^export (?:type|interface|class) ([A-Z]\w*)/gm)].map(
    ([, name = ""]) => name,
  );

/** Names that more than one file exports, each with the files. */
const sharedTypes = (sources: readonly (readonly [file: string, source: string])[]) => {
  const homes = new Map<string, string[]>();
  for (const [file, source] of sources) {
    for (const name of new Set(typesIn(source))) {
      homes.set(name, [...(homes.get(name) ?? []), file]);
    }
  }
  return [...homes].filter(([, found]) => found.length > 1);
};

test("no two files in lib export types of one name", () => {
  const ours = files.filter((file) => isIn(file, "lib"));
  expect(sharedTypes(ours.map((file) => [file, read(file)]))).toEqual([]);
});

test("two types of one name are found, a schema with its type is not", () => {
  const schema = "export const Task = z.object({});\nexport type Task = z.infer<typeof Task>;";
  const sources = [
    ["a.ts", `${schema}\nexport interface Lease {\n}`],
    ["b.ts", "export type Lease = string;\ntype Task = number;"],
  ] as const;
  expect(sharedTypes(sources)).toEqual([["Lease", ["a.ts", "b.ts"]]]);
});

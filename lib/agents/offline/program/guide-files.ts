import type { Requirement } from "../../contents/software-specification.ts";
import type { SourceCodeFile } from "../../contents/source-code.ts";
import { slug } from "../slug.ts";
import { inMarkdown } from "../text.ts";
import { isKeptOnly } from "./behaviour.ts";
import type { ProgramPart } from "./parts.ts";
import type { ProgramRoute } from "./routes.ts";

const markdown = (path: string, content: string): SourceCodeFile => ({
  path,
  language: "markdown",
  content,
});

/** Writes package.json. The program needs nothing but Node. */
export const packageFile = (name: string): SourceCodeFile => ({
  path: "package.json",
  language: "json",
  content: `${JSON.stringify(
    {
      name: slug(name) || "project",
      version: "0.1.0",
      private: true,
      type: "module",
      engines: { node: ">=20" },
      scripts: { start: "node src/server.js", test: "node --test test/*.test.js" },
    },
    null,
    2,
  )}\n`,
});

/** Says what each kind of route does for the requirement. */
const does = {
  add: "keeps an entry",
  list: "lists entries; `?q=` searches all fields",
  view: "lists the entries in this view",
  change: "changes fields of an entry",
  remove: "removes an entry",
  history: "lists the changes of an entry",
  rate: 'takes `{"stars": 1 to 5}`, one rating for each user',
  comment: 'takes `{"text": …}`',
  share: 'shows an entry to others: `{"with": ["ben"]}`, or `["*"]` for everybody',
  sign: "puts the user on the entry's list",
  mark: "writes it down on the entry; other fields may come with it",
  export: "gives CSV",
  collect:
    'makes a list of what is planned, with `{"from": "2030-01-28", "days": 7}`: the ingredients of entries whose `planned_for` is in that time; one without ingredients takes those of an entry with the same name',
} as const;

const rowOf = ({ requirement, behaviour, path }: ProgramRoute): string => {
  const limits = isKeptOnly(requirement, behaviour)
    ? "; that is all: nothing is computed, sent, paid or connected"
    : "";
  return `| ${inMarkdown(requirement.id, 40)} | ${inMarkdown(requirement.title, 80)} | \`${behaviour.method} ${path}\` | ${does[behaviour.kind]}${limits} |\n`;
};

const requirementTable = (routes: readonly ProgramRoute[]): string =>
  routes.length === 0
    ? "No requirement names anything that can be kept. The program keeps entries.\n"
    : `| Id | Requirement | Address | What the program does |\n| --- | --- | --- | --- |\n${routes.map(rowOf).join("")}`;

const notBuilt = (qualities: readonly Requirement[], promises: readonly string[]): string => {
  const all = [
    ...qualities.map(({ id, text }) => `- ${inMarkdown(id, 40)}: ${inMarkdown(text, 160)}\n`),
    ...promises.map((text) => `- ${inMarkdown(text, 200)}\n`),
  ];
  const list =
    all.length === 0
      ? ""
      : `\nThe plan, the specification or the architecture say this too; it is neither built nor measured:\n\n${all.join("")}`;
  return `
## Not built

The last column of the table is all that the program does. What a requirement says beyond it (a photo, a role, a deadline) is
not built; the fields of an entry can hold it.
${list}`;
};

type GuideInput = {
  name: string;
  about: string;
  parts: readonly [ProgramPart, ...ProgramPart[]];
  routes: readonly ProgramRoute[];
  qualities: readonly Requirement[];
  /** What the documents say of the whole, and no part of the program does. */
  promises?: readonly string[];
};

/** Writes the program's README.md: how to install, test, start and use it, and what it does not do. */
export const readmeFile = ({
  name,
  about,
  parts,
  routes,
  qualities,
  promises = [],
}: GuideInput): SourceCodeFile => {
  const first = parts[0].name;
  const entities = parts.map(
    (part) =>
      `| \`/${part.name}\` | ${Object.entries(part.fields)
        .map(([field, kind]) => `${field} (${kind})`)
        .join(", ")} |\n`,
  );
  return markdown(
    "README.md",
    `# ${inMarkdown(name, 80) || "Project"}

${inMarkdown(about, 300)}

A program for Node 20 or newer. It needs no other packages.

## Commands

\`\`\`sh
npm install
npm test
npm start
\`\`\`

\`npm start\` prints the address. \`PORT\` sets the port (3000; 0 takes a free one), \`HOST\` the address (127.0.0.1), \`DATA_FILE\` the
file for the entries (data/entries.json). One running program has the file for itself.

## Use

The page at \`/\` lists all addresses and has a form. Every other request says who asks in the header \`X-User\`. The program
believes that header: put a login in front of it before others can reach it.

\`\`\`sh
curl -s http://127.0.0.1:3000/${first} -H 'X-User: anna' -H 'Content-Type: application/json' -d '{"name": "The first"}'
curl -s 'http://127.0.0.1:3000/${first}?q=first' -H 'X-User: anna'
\`\`\`

| Address | Fields |
| --- | --- |
${entities.join("")}
Each address takes \`POST\` (add) and \`GET\` (list: \`?q=\` searches all fields and the items of lists, \`?field=value\` filters,
\`?from=\` and \`?to=\` take days, \`?view=\` is overdue, unpaid, open, finished or upcoming, \`?limit=\` and \`?offset=\` page). With an id
behind it, it takes \`GET\`, \`PATCH\` (null removes a field) and \`DELETE\`.

An entry is its owner's alone. \`shared_with\` lists who else sees it (\`["*"]\`: everybody); only the owner changes it.

## Requirements

${requirementTable(routes)}${notBuilt(qualities, promises)}`,
  );
};

/** Writes down the requirements that no part meets; none when there are none. */
export const principlesFile = (qualities: readonly Requirement[]): SourceCodeFile[] =>
  qualities.length === 0
    ? []
    : [
        markdown(
          "docs/principles.md",
          `# What holds for every part\n\nNothing here is built or measured yet.\n\n${qualities
            .map(({ id, text }) => `- ${inMarkdown(id, 40)}: ${inMarkdown(text, 400)}\n`)
            .join("")}`,
        ),
      ];

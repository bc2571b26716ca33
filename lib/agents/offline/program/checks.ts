import type { SourceCodeFile } from "../../contents/source-code.ts";

/** A check that calls pass before something is stored. */
export type Check = { name: string; source: string; says: string; test: string };

export const checksPath = "src/checks.js";

/** Writes src/checks.js without a check. */
export const checksFile: SourceCodeFile = {
  path: checksPath,
  language: "javascript",
  content: `import { Refusal, refuseTexts } from "./refusal.js";

/** Checks that every call passes before something is stored, in this order. The entry is null for a new one. */
export const checks = [];
`,
};

const testOf = (title: string, lines: string): string => `import assert from "node:assert/strict";
import test from "node:test";
import { entities, openProgram } from "../support/example.js";

const path = "/" + entities[0].name;

test("${title}", () => {
${lines}});
`;

const refusalTest = (title: string, value: string): string =>
  testOf(
    title,
    `  const { anna } = openProgram();
  assert.equal(anna("POST", path, { name: ${value} }).status, 400);
  assert.equal(anna("POST", path, { name: "x", tags: [${value}] }).status, 400);
  assert.equal(anna("POST", path, { name: "plain" }).status, 201);
`,
  );

/** The check of the refined version. */
export const staleCheck: Check = {
  name: "refuseStale",
  says: "A change of an older version than the newest is refused (412), when the call names its version in If-Match.",
  source: `/** A call that names another version than the newest (If-Match) is refused: somebody was quicker. */
const refuseStale = (call, entry) => {
  const wanted = call.headers["if-match"];
  if (wanted === undefined || entry === null) return;
  if (wanted.replaceAll('"', "") !== String(entry.version))
    throw new Refusal(412, "The entry has changed; its version is " + entry.version + ".");
};
`,
  test: testOf(
    "of two people who change one version, the second is told",
    `  const { app, anna } = openProgram();
  const { id } = anna("POST", path, { name: "one" }).body;
  const change = (version) =>
    app({ method: "PATCH", url: path + "/" + id, headers: { "x-user": "anna", "if-match": version }, body: '{"name":"two"}' }).status;
  assert.deepEqual([change('"1"'), change('"1"'), change('"2"')], [200, 412, 200]);
`,
  ),
};

/** The checks that answer the failures which a directive orders, in their order. */
export const faultChecks = [
  {
    trigger: "a very long text",
    expected: "a text of more than 2000 characters is refused with 400",
    name: "limitTexts",
    says: "A text of more than 2000 characters is refused.",
    source: `const limitTexts = (call) =>
  refuseTexts(call, (text) => text.length > 2_000, "A text has at most 2000 characters.");
`,
    test: refusalTest("a very long text is refused", `"x".repeat(2_001)`),
  },
  {
    trigger: "markup in a text",
    expected: "markup in a text is refused with 400",
    name: "refuseMarkup",
    says: "Markup in a text is refused.",
    source: `const refuseMarkup = (call) =>
  refuseTexts(call, (text) => /<[/!a-z]/i.test(text), "Markup is not allowed.");
`,
    test: refusalTest("markup is refused", `"<b>x</b>"`),
  },
  {
    trigger: "a control character in a text",
    expected: "a control character in a text is refused with 400",
    name: "refuseControls",
    says: "Control characters other than tabs and line breaks are refused.",
    source: String.raw`const refuseControls = (call) =>
  refuseTexts(call, (text) => /[^\P{Cc}\t\r\n]/u.test(text), "Control characters are not allowed.");
`,
    test: refusalTest("control characters are refused", String.raw`"a\u0000b"`),
  },
] as const satisfies readonly (Check & { trigger: string; expected: string })[];

const list = /^export const checks = \[([\w, ]*)\];$/m;

const namesIn = (content: string): string[] =>
  (list.exec(content)?.[1] ?? "").split(", ").filter((name) => name !== "");

/** Adds a check to the text of src/checks.js; gives null when it has it already, or cannot be read. */
const withCheck = (content: string, { name, source }: Check): string | null => {
  const names = namesIn(content);
  if (!list.test(content) || names.includes(name)) return null;
  const next = content.replace(list, `export const checks = [${[...names, name].join(", ")}];`);
  const comment = next.lastIndexOf("/** Checks that every call passes");
  const place = comment < 0 ? next.search(list) : comment;
  return `${next.slice(0, place)}${source}\n${next.slice(place)}`;
};

/** The path of a check's test. */
const testPath = ({ name }: Check): string => `test/${name}.test.js`;

/**
 * Adds a check with its test to the files. It edits the text of src/checks.js, so that what others changed there stays.
 *
 * @returns null when the files have it already, or have no src/checks.js that it fits into
 */
export const addCheck = (
  files: readonly SourceCodeFile[],
  check: Check,
): SourceCodeFile[] | null => {
  const file = files.find(({ path }) => path === checksPath);
  const content = file && withCheck(file.content, check);
  if (!file || typeof content !== "string") return null;
  const test = { path: testPath(check), language: "javascript", content: check.test };
  return [
    ...files
      .filter(({ path }) => path !== test.path)
      .map((each) => (each === file ? { ...file, content } : each)),
    test,
  ];
};

const all: readonly Check[] = [staleCheck, ...faultChecks];

/** Lists the checks in the text of src/checks.js, in its order; null when it names one that is not ours. */
export const checksIn = (content: string): Check[] | null => {
  const found = namesIn(content).map((name) => all.find((check) => check.name === name));
  return found.includes(undefined) ? null : found.flatMap((check) => check ?? []);
};

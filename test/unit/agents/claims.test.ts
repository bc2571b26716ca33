import { expect, test } from "vitest";
import { FinalCheck } from "../../../lib/agents/contents/final-check.ts";
import { agentNames } from "../../../lib/catalog/load.ts";
import { canonicalJson, type Json } from "../../../lib/domain/json.ts";
import { anItem, aRequest, cookbook, runOutput, runWorkflow } from "./builders.ts";

/** Words that say that something was done to the product. */
const claim =
  /\b(?:was|were|has been|have been|got|is|are) (?:\w+ly )?(?:run|tested|deployed|reviewed|measured|verified|launched|released|executed|rehearsed|approved|monitored)\b|answers as specified|takes all requests|ended well|(?<!not )works as|fully functional|production[- ]ready|all tests pass\b(?!\?)/i;
const allowed =
  /nothing was deployed|was not looked at|were not run|a case that was run|not run:|run only on the local stack/i;

const claimsIn = (content: Json): string[] => {
  return canonicalJson(content)
    .split('"')
    .filter((text) => claim.test(text) && !allowed.test(text));
};

test("no document of the offline agents claims that something was run, tested, deployed or measured", async () => {
  const context = [anItem({ content: "Add dark mode. Use PostgreSQL. Leave out ratings." })];
  const written = await runWorkflow({ context });
  const answers = await Promise.all(
    agentNames.map(async (agent_type) => ({
      key: agent_type,
      type: "agent_output" as const,
      output: await runOutput(aRequest({ task: { agent_type, output_type: "agent_output" } })),
    })),
  );
  for (const { key, type, output } of [...written, ...answers])
    if (type !== "source_code") expect(claimsIn(output.content), key).toEqual([]);
});

const checked = async (...items: Parameters<typeof anItem>[0][]) => {
  const context = items.map(anItem);
  const task = { output_type: "agent_output" } as const;
  const step = {
    key: "final_check",
    name: "x",
    agent_type: "orchestrator",
    output_schema: "final_check",
  };
  const request = aRequest({ context, task });
  return FinalCheck.parse(
    (await runOutput({ ...request, task: { ...request.task, step: step as never } })).content,
  );
};

const results = (fields: object) => ({
  artifact_type: "test_results" as const,
  content: { title: "T", summary: "s", passed: 3, failed: 0, cases: [], ...fields },
});

const passCheckOf = ({ checks }: FinalCheck) =>
  checks.find(({ check }) => check === "Do all tests pass?");

test.each([
  ["nothing", [], { result: "open", detail: "There are no test results." }],
  [
    "results of no run",
    [results({ status: "not_run", reason: "there is no Node", passed: 0 })],
    { result: "not_verified", detail: "The tests were not run: there is no Node." },
  ],
  [
    "results without a run on record",
    [results({})],
    { result: "not_verified", detail: expect.stringContaining("no run is on record") },
  ],
  [
    "results of a run",
    [results({ status: "passed", run: { command: "npm test", node: "24", duration_ms: 1 } })],
    { result: "ok", detail: "3 passed, 0 failed, in a run of the tests." },
  ],
  [
    "failures",
    [results({ status: "failed", failed: 1, run: { command: "npm test" } })],
    { result: "open", detail: "3 passed, 1 failed." },
  ],
])("the final check reads %s", async (_, items, expected) => {
  expect(passCheckOf(await checked(...items))).toMatchObject(expected);
});

test("a project is ready only when the code has a part for every requirement that must be met", async () => {
  const [check] = (await checked()).checks;
  expect(check).toMatchObject({ result: "open", detail: "There is no source code." });
  const content = {
    title: "Code",
    summary: "s",
    files: [
      { path: "src/a.js", language: "javascript", content: "/** R1: post */ /** R12 */" },
      { path: "docs/b.md", language: "markdown", content: "R2" },
      { path: "test/a.test.js", language: "javascript", content: "R3" },
    ],
    changes: [{ file: "src/a.js", requirement: "R1", change: "c", reason: "r" }],
    notes: [],
  };
  const found = await checked({ artifact_type: "source_code", content });
  expect(found.verdict).toBe("ready_with_open_points");
  expect(found.checks[0]).toMatchObject({
    result: "open",
    detail: "1 of 3; nothing in the code names R2 and R3.",
  });
});

/** The final check of a project whose coder had all words of people. */
const checkedAfter = async (description: string, ...said: string[]) => {
  const steps = await runWorkflow({
    description,
    context: said.map((content) => anItem({ content })),
  });
  const final = steps.find(({ key }) => key === "final_check")?.output.content;
  return { checks: FinalCheck.parse(final).checks, steps };
};

test("what the program only keeps entries about is not built, and no document says it is", async () => {
  const { checks, steps } = await checkedAfter(cookbook, "Add a login with Google.");
  expect(checks[0]).toMatchObject({
    result: "open",
    detail: expect.stringMatching(/; of R\d it only keeps entries\.$/),
  });
  expect(checks[1]?.detail).toMatch(/; of R\d only that entries are kept\.$/);
  expect(checks.at(-1)).toMatchObject({
    result: "open",
    detail: expect.stringContaining("“Login with Google” is not built"),
  });
  const code = steps.findLast(({ type }) => type === "source_code")?.output.content;
  expect(canonicalJson(code as Json)).toContain(
    "Not built; entries about it can be kept at POST /",
  );
  expect(canonicalJson(code as Json)).not.toContain("Built as");
});

test("functions that every program has are no part that was to be left out", async () => {
  const { checks } = await checkedAfter(
    `${cookbook} Users can export recipes.`,
    "No ratings please. Leave out the export.",
  );
  expect(checks.at(-1)?.detail).not.toContain("is still in the source code");
});

test("a name that addresses still have is an open point", async () => {
  const made = await runWorkflow();
  const context = made
    .filter(({ type }) => type === "source_code")
    .map(({ type, output }) => ({ artifact_type: type, content: output.content }));
  const { checks } = await checked(...context, { content: "Rename recipes to dishes." });
  expect(checks.at(-1)).toMatchObject({
    result: "open",
    detail: expect.stringContaining("Addresses of the program still say “recipes”."),
  });
});

test("what was to be left out and is in the code is an open point", async () => {
  const content = {
    title: "Code",
    summary: "s",
    files: [{ path: "src/a.js", language: "javascript", content: "export const rateRecipes = 1;" }],
    changes: [{ file: "src/a.js", requirement: "R1", change: "c", reason: "r" }],
    notes: [],
  };
  const said = "Leave out rating of recipes";
  const { checks } = await checked({ artifact_type: "source_code", content }, { content: said });
  expect(checks.at(-1)).toMatchObject({
    result: "open",
    detail: expect.stringContaining("“rating of recipes” is still in the source code."),
  });
});

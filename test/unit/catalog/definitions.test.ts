import { expect, test } from "vitest";
import { agentDefinitions, agentNames, workflowDefinitions } from "../../../lib/catalog/load.ts";
import { readDefinitions } from "../../../lib/catalog/read-definitions.ts";
import { Handoff } from "../../../lib/domain/task/handoff.ts";
import { definitionLines } from "../../../localstack/commands/definitions/lines.ts";
import { aHandoff } from "../../support/builders.ts";
import { aFile, withBuiltIns } from "./folder.ts";

const reviewer = aFile([
  "role: Reads what others wrote",
  "responsibilities: [Find what is wrong]",
  "expected_outputs: [agent_output]",
  "models: anthropic/claude-sonnet-4-5",
  "temperature: 0.2",
  "tools: [read_context, mcp:docs/search]",
]);

const verdict = [
  "output_schema:",
  "  type: object",
  "  required: [verdict]",
  "  properties: { verdict: { enum: [good, bad] } }",
];

/** The same workflow in both forms. */
const forms = {
  "workflows/test-review.md": aFile(
    [
      "title: Second look",
      "steps:",
      "  - { name: Read It, phase: plan, agent: analyst, output: project_plan, instructions: Read it once more. }",
      "  - name: Judge It",
      "    key: judge",
      "    phase: validate",
      "    agent: test_reader",
      "    output: agent_output",
      "    gate: [high]",
      ...verdict.map((line) => `    ${line}`),
      "    instructions: |",
      "      Say whether it is good.",
    ],
    "For texts that exist.",
  ),
};
const folder = {
  "workflows/test-review/workflow.md": aFile(["title: Second look"], "For texts that exist."),
  "workflows/test-review/2-read-it.md": aFile(
    ["name: Read It", "phase: plan", "agent: analyst", "output: project_plan"],
    "Read it once more.",
  ),
  "workflows/test-review/10-judge.md": aFile(
    [
      "name: Judge It",
      "phase: validate",
      "agent: test_reader",
      "output: agent_output",
      "gate: [high]",
      ...verdict,
    ],
    "Say whether it is good.",
  ),
};

test.each([
  { form: "one file", agent: "agents/test-reader.md", files: forms },
  { form: "a folder", agent: "agents/test-reader/agent.md", files: folder },
])("a new agent and a new workflow are files: $form", ({ agent, files }) => {
  using given = withBuiltIns({ [agent]: reviewer, ...files });
  const read = readDefinitions(given.root);
  expect(new Set(read.agentNames)).toEqual(new Set([...agentNames, "test_reader"]));
  expect(read.agentDefinitions).toEqual({
    ...agentDefinitions,
    test_reader: {
      agent_type: "test_reader",
      role: "Reads what others wrote",
      responsibilities: ["Find what is wrong"],
      expected_outputs: ["agent_output"],
      models: ["anthropic/claude-sonnet-4-5"],
      temperature: 0.2,
      tools: ["read_context", "mcp:docs/search"],
      order: 1_000,
      instructions: "Do what is to be done.",
    },
  });
  expect(read.workflowDefinitions).toEqual({
    ...workflowDefinitions,
    test_review: {
      name: "test_review",
      title: "Second look",
      description: "For texts that exist.",
      steps: [
        {
          key: "read_it",
          name: "Read It",
          phase: "plan",
          agent_type: "analyst",
          output: "project_plan",
          expected_outputs: ["project_plan"],
          gate: [],
          instructions: "Read it once more.",
        },
        {
          key: "judge",
          name: "Judge It",
          phase: "validate",
          agent_type: "test_reader",
          output: "agent_output",
          expected_outputs: ["agent_output"],
          gate: ["high"],
          output_schema: {
            type: "object",
            required: ["verdict"],
            properties: { verdict: { enum: ["good", "bad"] } },
          },
          instructions: "Say whether it is good.",
        },
      ],
    },
  });
});

test("dashes in names are underscores, and Windows line ends are line ends", () => {
  using given = withBuiltIns({ "agents/code-reviewer.md": reviewer.replaceAll("\n", "\r\n") });
  const { agentDefinitions: read } = readDefinitions(given.root);
  expect(read.code_reviewer?.instructions).toBe("Do what is to be done.");
});

const builtIn = ["orchestrator", "analyst", "architect", "coder", "tester", "deployer"];

test("the agents that come with the code are listed first, in the order of their work", () => {
  expect(agentNames.slice(0, builtIn.length)).toEqual(builtIn);
  expect(Object.keys(agentDefinitions)).toEqual(agentNames);
});

test.each(builtIn)("the %s is told enough", (name) => {
  const { instructions = "" } = agentDefinitions[name] ?? {};
  const words = instructions.split(/\s+/).length;
  expect(words).toBeGreaterThanOrEqual(150);
  expect(words).toBeLessThanOrEqual(350);
  for (const said of [
    /confiden/i,
    /open question|questions are open|stays? open/i,
    /feedback/i,
    /conflict|contradict/i,
  ])
    expect(instructions).toMatch(said);
});

test.each(workflowDefinitions.sdlc?.steps ?? [])(
  "$key fits a handoff, and orders no offline agent about",
  ({ instructions }) => {
    const longest = `${"n".repeat(255)} is done. ${instructions}`;
    expect(Handoff.parse(aHandoff({ instructions: longest })).instructions).toBe(longest);
    expect(instructions).not.toContain("[[");
  },
);

test("a person can read what is defined", () => {
  using given = withBuiltIns({ "agents/test-reader.md": reviewer, ...forms });
  const lines = definitionLines(readDefinitions(given.root)).join("\n");
  expect(lines).toMatch(
    /test_reader +anthropic\/claude-sonnet-4-5 +read_context, mcp:docs\/search +Reads what others wrote/,
  );
  expect(lines).toContain("Workflow test_review: Second look");
  expect(lines).toMatch(/judge +validate +test_reader +agent_output \(own schema\) +gate at high/);
  expect(lines).toMatch(/code_testing .*failed tests → bug_fix, 3 rounds/);
  expect(lines).toMatch(/bug_fix .*back to code_testing/);
});

import { expect, test } from "vitest";
import { DefinitionError, type Mistake } from "../../../lib/catalog/mistakes.ts";
import { readDefinitions } from "../../../lib/catalog/read-definitions.ts";
import { aFile, agentLines, folderOf, least, stepLines } from "./folder.ts";

type Row = readonly [file: string, text: string | undefined, ...mistakes: string[]];

const mistakesIn = (files: Parameters<typeof folderOf>[0]): readonly Mistake[] => {
  using folder = folderOf(files);
  try {
    readDefinitions(folder.root);
    return [];
  } catch (error) {
    if (error instanceof DefinitionError) return error.mistakes;
    throw error;
  }
};

const told = (files: Parameters<typeof folderOf>[0]) =>
  mistakesIn(files).map(({ file, field, reason }) => `${file} | ${field} | ${reason}`);

const agent = "agents/other.md";
const anAgent = (...lines: string[]) => aFile([...agentLines, ...lines]);
const step = "workflows/sdlc/02-other.md";
const aStep = (...lines: string[]) => aFile([...stepLines, ...lines]);
const aTest = (...lines: string[]) =>
  aStep(...lines).replace("output: agent_output", "output: test_results");
const without = (name: string, lines: readonly string[]) =>
  aFile(lines.filter((line) => !line.startsWith(`${name}:`)));
const flow = "workflows/other.md";

const rows: readonly Row[] = [
  [agent, anAgent()],
  [agent, "Just text", `${agent} |  | Must begin with front matter between two lines of ---`],
  [agent, "---\nrole: x\n", `${agent} |  | Must begin with front matter between two lines of ---`],
  [
    agent,
    "---\nrole: [x\n---\nDo what is to be done.",
    `${agent} |  | Front matter: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 9:`,
  ],
  [
    agent,
    anAgent("role: Again"),
    `${agent} |  | Front matter: Map keys must be unique at line 4, column 1:`,
  ],
  [agent, without("role", agentLines), `${agent} | role | Is missing`],
  [agent, without("responsibilities", agentLines), `${agent} | responsibilities | Is missing`],
  [agent, without("expected_outputs", agentLines), `${agent} | expected_outputs | Is missing`],
  [agent, anAgent("tone: dry"), `${agent} | tone | Unknown field`],
  [
    agent,
    anAgent("reasoning_effort: much"),
    `${agent} | reasoning_effort | Invalid option: expected one of "none"|"minimal"|"low"|"medium"|"high"|"xhigh"`,
  ],
  [
    agent,
    anAgent("provider_options: {openai: {serviceTier: priority}}"),
    `${agent} | provider_options.openai | "serviceTier" cannot be set here: use logitBias, metadata, parallelToolCalls, promptCacheKey, reasoningSummary, safetyIdentifier, textVerbosity, truncation, user`,
  ],
  [
    agent,
    anAgent(`provider_options: {google: {labels: {a: ${"x".repeat(5_000)}}}}`),
    `${agent} | provider_options.google | Must be at most 4000 bytes`,
  ],
  [
    agent,
    anAgent("provider_options: {mistral: {}}"),
    `${agent} | provider_options.mistral | Unknown field`,
  ],
  [agent, anAgent("temperature: 3"), `${agent} | temperature | Too big: expected number to be <=2`],
  [
    agent,
    anAgent("max_output_tokens: 0"),
    `${agent} | max_output_tokens | Too small: expected number to be >=1`,
  ],
  [
    agent,
    anAgent("models: [Claude 4]"),
    `${agent} | models.0 | Must be <provider> or <provider>/<model>`,
  ],
  [
    agent,
    anAgent("models: 7"),
    `${agent} | models | Must be <provider> or <provider>/<model>, or a list of them`,
  ],
  ...["mcp:", "read_contex", "mcp:docs/get_*"].map(
    (tool): Row => [
      agent,
      anAgent(`tools: ['${tool}']`),
      `${agent} | tools.0 | Must be one of list_context, read_context, write_context, list_files, read_file, ask_human, or mcp:<server>, or mcp:<server>/<tool>`,
    ],
  ),
  [
    agent,
    anAgent("output_schema: novel"),
    `${agent} | output_schema | Invalid option: expected one of "user_input"|"project_plan"|"software_specification"|"implementation_plan"|"system_architecture"|"source_code"|"test_results"|"deployment_log"|"deployment_package"|"agent_output"|"hitl_response"|"final_check"|"agent_answer"`,
  ],
  [
    agent,
    anAgent("output_schema: { type: array }"),
    `${agent} | output_schema | Must be a JSON Schema with type: object`,
  ],
  [
    agent,
    anAgent('output_schema: { type: object, properties: { a: { $ref: "#/$defs/b" } } }'),
    `${agent} | output_schema | Not a JSON Schema that can be used: can't resolve reference #/$defs/b from id #`,
  ],
  [
    agent,
    aFile(agentLines, "Go."),
    `${agent} | text | Too small: expected string to have >=10 characters`,
  ],
  [
    agent,
    aFile(agentLines, "x".repeat(20_001)),
    `${agent} | text | Too big: expected string to have <=20000 characters`,
  ],
  ["agents/doer.md", anAgent(), "agents/doer.md |  | The name doer is also that of agents/doer"],
  ["agents/user.md", anAgent(), "agents/user.md |  | The name user is reserved"],
  [
    "agents/Über.md",
    anAgent(),
    "agents/Über.md |  | The name must have at most 40 lower case letters, digits, - and _, and begin with a letter",
  ],
  ["agents/notes.txt", "x", "agents/notes.txt |  | Is neither a folder nor a .md file"],
  ["agents/README.md", "x"],
  ["agents/empty/other.md", "x", "agents/empty |  | Has no agent.md"],
  [
    "agents/doer/agent.md",
    undefined,
    "workflows/sdlc/01-do-it.md | agent | There is no agent doer",
    "agents |  | There is no agent",
  ],
  [step, aStep()],
  [step, without("name", stepLines), `${step} | name | Is missing`],
  [step, without("phase", stepLines), `${step} | phase | Is missing`],
  [step, without("agent", stepLines), `${step} | agent | Is missing`],
  [step, without("output", stepLines), `${step} | output | Is missing`],
  [
    step,
    aStep("gate: [often]"),
    `${step} | gate.0 | Invalid option: expected one of "high"|"medium"|"low"`,
  ],
  [step, aStep("color: red"), `${step} | color | Unknown field`],
  [
    step,
    aFile(stepLines, "x".repeat(4_001)),
    `${step} | text | Too big: expected string to have <=4000 characters`,
  ],
  [step, aStep("key: do_it"), `${step} | key | The key do_it is also that of an earlier step`],
  [
    "workflows/sdlc/02-1st.md",
    aStep(),
    'workflows/sdlc/02-1st.md | key | "1st" is not a key: use at most 40 lower case letters, digits and _',
  ],
  [
    "workflows/sdlc/01-other.md",
    aStep(),
    "workflows/sdlc/01-other.md |  | The number 01 occurs twice",
  ],
  [
    "workflows/sdlc/other.md",
    aStep(),
    "workflows/sdlc/other.md |  | The name must be a number, - and the name of the step: 01-first-step.md",
  ],
  [
    step,
    aStep().replace("agent: doer", "agent: painter"),
    `${step} | agent | There is no agent painter, only doer`,
  ],
  [
    step,
    aStep().replace("phase: plan", "phase: discovery"),
    `${step} | phase | discovery is before plan, the phase of do_it`,
  ],
  [
    step,
    aStep("on_failed_tests: { step: fix, rounds: 1 }"),
    `${step} | on_failed_tests | Only a step whose output is test_results has tests`,
    `${step} | on_failed_tests.step | There is no step fix`,
  ],
  [
    step,
    aStep("on_failed_tests: { step: do-it, rounds: 1 }"),
    `${step} | on_failed_tests | Only a step whose output is test_results has tests`,
    `${step} | on_failed_tests.step | do_it is on the main line: it needs a back_to`,
  ],
  [
    step,
    aStep("back_to: nowhere"),
    `${step} | back_to | There is no step nowhere`,
    `${step} | back_to | No step leads here: name this step in the on_failed_tests of another`,
  ],
  [
    "workflows/sdlc/01-do-it.md",
    aTest("back_to: do_it", "on_failed_tests: { step: do_it, rounds: 1 }"),
    "workflows/sdlc/01-do-it.md | back_to | do_it is itself a detour",
    "workflows/sdlc/workflow.md |  | Has no step that is not a detour (back_to)",
  ],
  [
    "workflows/sdlc/01-do-it.md",
    undefined,
    "workflows/sdlc/workflow.md |  | Has no step that is not a detour (back_to)",
  ],
  ["workflows/sdlc/workflow.md", undefined, "workflows/sdlc |  | Has no workflow.md"],
  [
    "workflows/sdlc/workflow.md",
    aFile(["name: x"]),
    "workflows/sdlc/workflow.md | name | Unknown field",
  ],
  ["workflows/none.md", aFile([]), "workflows/none.md |  | The name none is reserved"],
  [
    "workflows/sdlc.md",
    aFile([]),
    "workflows/sdlc.md |  | The name sdlc is also that of workflows/sdlc",
  ],
  [flow, aFile(["title: Other"]), `${flow} | steps | Is missing`],
  [
    flow,
    aFile(["steps:", "  - { name: A, phase: plan, agent: doer, output: agent_output }"]),
    `${flow} | steps.0.instructions | Is missing`,
  ],
  [
    flow,
    aFile([
      "steps:",
      "  - { name: A, phase: plan, agent: doer, output: agent_output, instructions: Do it all. }",
      "  - { name: A, phase: plan, agent: ghost, output: agent_output, instructions: Do it all. }",
    ]),
    `${flow} | steps.1.agent | There is no agent ghost, only doer`,
    `${flow} | steps.1.key | The key a is also that of an earlier step`,
  ],
];

const cases = rows.map(([file, text, ...mistakes]) => ({
  files: { ...least, [file]: text },
  mistakes,
  title: mistakes[0] ?? `${file} is fine`,
}));

test.each(cases)("$title", ({ files, mistakes }) => {
  expect(told(files)).toEqual(mistakes);
});

const verdictIn = (property: string, ...mistakes: string[]) => ({
  schema: [`output_schema: { type: object, properties: { ${property} } }`],
  mistakes,
});
const noVerdict = `${step} | output_schema | Has no field for the verdict: it needs failed or failures (a number, a boolean or a list), or cases (a list)`;

test.each([
  { schema: [], mistakes: [] },
  { schema: ["output_schema: test_results"], mistakes: [] },
  verdictIn("failures: { type: array }"),
  verdictIn("failed: { type: [integer, 'null'] }"),
  verdictIn("failed: { type: boolean }"),
  verdictIn("failed: { enum: [0, 1, 2] }"),
  verdictIn("failed: { anyOf: [{ type: integer }, { type: 'null' }] }"),
  verdictIn("notes: { type: string }", noVerdict),
  verdictIn("failed: { type: string }", noVerdict),
  verdictIn("cases: { type: integer }", noVerdict),
  verdictIn("failed: true", noVerdict),
])("a step whose tests can fail tells a verdict: $schema", ({ schema, mistakes }) => {
  const files = {
    ...least,
    [step]: aTest("on_failed_tests: { step: fix, rounds: 1 }", ...schema),
    "workflows/sdlc/03-fix.md": aStep("back_to: other"),
  };
  expect(told(files)).toEqual(mistakes);
});

test("a detour stays in the phase of the step it leads back to", () => {
  const files = {
    ...least,
    "workflows/sdlc/02-try.md": aTest("on_failed_tests: { step: fix, rounds: 1 }"),
    "workflows/sdlc/03-fix.md": aStep("back_to: try").replace("phase: plan", "phase: build"),
  };
  expect(told(files)).toEqual([
    "workflows/sdlc/03-fix.md | phase | Must be plan, the phase of try, to which the step leads back",
  ]);
});

test("all mistakes are told in one message", () => {
  using folder = folderOf({ ...least, [agent]: "Just text", [step]: aStep("color: red") });
  expect(() => readDefinitions(folder.root)).toThrow(
    [
      `There are 2 mistakes in the definitions below ${folder.root}`,
      `  ${agent}: Must begin with front matter between two lines of ---`,
      `  ${step}: color: Unknown field`,
    ].join("\n"),
  );
});

test("a folder without definitions", () => {
  expect(told({ "README.md": "" })).toEqual([
    "agents |  | There is no agent",
    "workflows |  | There is no sdlc, the workflow of a project that names none",
  ]);
});

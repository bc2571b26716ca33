import { expect, test } from "vitest";
import { settingsOf } from "../../../lib/agents/agent-settings.ts";
import { briefOf } from "../../../lib/agents/offline/brief.ts";
import { writeSample } from "../../../lib/agents/offline/sample.ts";
import { openAgents } from "../../../lib/agents/open-agents.ts";
import { contentSchema, contentSchemas } from "../../../lib/agents/output-schemas.ts";
import { agentDefinitions } from "../../../lib/catalog/load.ts";
import { loadModels } from "../../../lib/settings/config.ts";
import { theStep } from "../../support/builders.ts";
import { aRequest, fakeTools, runOutput } from "./builders.ts";

test("what a step does not say, its agent does", () => {
  const task = { agent_type: "deployer", step: theStep("final_check") };
  expect(settingsOf(aRequest({ task }))).toEqual({
    agent: agentDefinitions.deployer,
    step: expect.objectContaining({ key: "final_check" }),
    tools: agentDefinitions.deployer?.tools,
    output_schema: "final_check",
  });
});

test.each([{ about: "outside a workflow", task: { agent_type: "coder", step: null }, tools: 5 }])(
  "$about the agent's word counts",
  ({ task, tools }) => {
    const settings = settingsOf(aRequest({ task }));
    expect(settings.step).toBeUndefined();
    expect(settings.tools).toHaveLength(tools);
  },
);

test("an agent whose file is gone does not work, and no other attempt helps", async () => {
  const models = loadModels({});
  const runAgent = openAgents({
    ...models,
    models,
    retryBaseMs: 0,
    now: () => new Date(),
    beforeModels: () => undefined,
    onMended: () => undefined,
    onMcpNotes: () => undefined,
  });
  await expect(runAgent("painter", aRequest(), fakeTools().tools)).rejects.toMatchObject({
    code: "unknown_agent",
    retryable: false,
  });
  expect(settingsOf(aRequest({ task: { agent_type: "painter" } })).agent).toBeUndefined();
});

test("the last step is known by its definition, not by its name", async () => {
  const task = { agent_type: "deployer", output_type: "agent_output" } as const;
  const checked = await runOutput(
    aRequest({ task: { ...task, step: theStep("final_check"), name: "x" } }),
  );
  expect(contentSchemas.final_check.safeParse(checked.content).error).toBeUndefined();
  const asked = await runOutput(aRequest({ task: { ...task, name: "Final Check" } }));
  expect(contentSchemas.agent_answer.safeParse(asked.content).error).toBeUndefined();
});

const verdict = {
  type: "object",
  properties: {
    verdict: { enum: ["good", "bad"] },
    findings: { type: "array", items: { $ref: "#/$defs/finding" }, minItems: 2 },
  },
  required: ["verdict", "findings"],
  $defs: {
    finding: {
      type: "object",
      properties: { text: { type: "string", minLength: 1 }, line: { type: "integer" } },
      required: ["text"],
    },
  },
};
const finding = { text: "Too long", line: 3 };

test.each([
  { content: { verdict: "good", findings: [finding, finding] }, fits: true },
  { content: { verdict: "good", findings: [finding, { text: "x" }] }, fits: true },
  { content: { verdict: "good", findings: [finding] }, fits: false },
  { content: { verdict: "fair", findings: [finding, finding] }, fits: false },
  { content: { findings: [finding, finding] }, fits: false },
  { content: { verdict: "bad", findings: [finding, { line: 1 }] }, fits: false },
  { content: { verdict: "bad", findings: [finding, { text: "x", line: 1.5 }] }, fits: false },
])("a JSON Schema of a definition holds: $content is $fits", ({ content, fits }) => {
  const schema = contentSchema({ output_schema: verdict }, "agent_output");
  expect(schema.safeParse(content).success).toBe(fits);
});

test.each([
  { defined: {}, type: "source_code", is: contentSchemas.source_code },
  {
    defined: { output_schema: "final_check" },
    type: "agent_output",
    is: contentSchemas.final_check,
  },
  {
    defined: { output_schema: "agent_answer" },
    type: "project_plan",
    is: contentSchemas.agent_answer,
  },
] as const)("the schema of $type with $defined", ({ defined, type, is }) => {
  expect(contentSchema(defined, type)).toBe(is);
});

const tree = {
  type: "object",
  properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#" } } },
  required: ["name", "children"],
};

test.each([
  verdict,
  tree,
  { type: "object" },
  { type: "object", properties: { at: { type: "string", format: "date-time" } }, required: ["at"] },
  { type: "object", properties: { code: { type: "string", minLength: 900, maxLength: 901 } } },
  { type: "object", properties: { few: { type: "string", maxLength: 3 } } },
  { type: "object", properties: { n: { type: "number", minimum: 3, maximum: 5, multipleOf: 2 } } },
  { type: "object", properties: { over: { type: "integer", exclusiveMinimum: 7 } } },
  { type: "object", properties: { yes: { type: "boolean" }, no: { type: "null" } } },
  { type: "object", properties: { one: { const: 7 } }, required: ["one"] },
  { type: "object", properties: { any: { anyOf: [{ type: "integer" }, { type: "string" }] } } },
  { type: "object", properties: { maybe: { type: ["string", "null"] } }, required: ["maybe"] },
  { type: "object", properties: { list: { type: "array" } }, required: ["list"] },
])("an offline agent writes what fits: %j", (schema) => {
  const request = aRequest();
  const written = writeSample(schema, { request, brief: briefOf(request) });
  const read = contentSchema({ output_schema: schema }, "agent_output").safeParse(written);
  expect(read.error).toBeUndefined();
  for (const key of Object.keys(schema.properties ?? {})) expect(written).toHaveProperty(key);
});

test.each([
  { about: "feedback is left out", change: { feedback: undefined }, fits: true },
  { about: "a model says more", change: { mood: "proud" }, fits: true },
  { about: "ids are of another kind", change: { requirements: [{ id: "REQ-7" }] }, fits: true },
  { about: "there is no requirement", change: { requirements: [] }, fits: false },
  { about: "a field is missing", change: { overview: undefined }, fits: false },
])("a specification where $about fits: $fits", async ({ change, fits }) => {
  const task = { agent_type: "analyst", output_type: "software_specification" } as const;
  const { content } = await runOutput(aRequest({ task }));
  const usual = contentSchemas.software_specification.parse(content);
  const requirements = change.requirements?.map((row) => ({ ...usual.requirements[0], ...row }));
  const given = JSON.parse(
    JSON.stringify({ ...usual, ...change, ...(requirements && { requirements }) }),
  ) as unknown;
  const read = contentSchemas.software_specification.safeParse(given);
  expect(read.success).toBe(fits);
  if (fits) expect(Array.isArray(read.data?.feedback)).toBe(true);
  expect(read.data ?? {}).not.toHaveProperty("mood");
});

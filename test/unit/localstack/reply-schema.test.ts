import { expect, test } from "vitest";
import {
  agentDefinitions,
  agentModels,
  agentNames,
  workflowDefinitions,
} from "../../../lib/catalog/load.ts";
import { replySchemaOf } from "../../../localstack/commands/definitions/reply-schema.ts";

const definitions = { agentModels, agentDefinitions, agentNames, workflowDefinitions };

test.each([
  { name: "sdlc/project_planning", holds: ["milestones", "risks"] },
  { name: "sdlc/final_check", holds: ["verdict"] },
  { name: "sdlc/code_generation", holds: ["files"] },
])("the answer to $name is an object with the content's schema in it", ({ name, holds }) => {
  const schema = replySchemaOf(definitions, name);
  expect(schema).toMatchObject({
    type: "object",
    required: ["content", "summary", "confidence"],
    properties: { content: { required: expect.arrayContaining(holds) } },
  });
});

test("an agent's answer outside a workflow has one, too", () => {
  expect(replySchemaOf(definitions, "analyst")).toMatchObject({ type: "object" });
});

test.each(["sdlc", "sdlc/dance", "painter", "analyst/x"])("%s is nothing that answers", (name) => {
  expect(() => replySchemaOf(definitions, name)).toThrow("There is no step or agent");
});

import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, expect, test } from "vitest";
import { openDependencies } from "../../functions/wiring/platform.ts";
import { keys } from "../../lib/adapters/dynamodb/keys.ts";
import type { Workflow } from "../../lib/domain/workflow/workflow.ts";
import { startBackend } from "../support/backend.ts";
import { sdlc } from "../support/builders.ts";
import { useCasesOf } from "../support/use-cases.ts";

const backend = await startBackend();
afterAll(() => backend[Symbol.asyncDispose]());

/** The functions after a deploy whose files define other workflows, on the same tables. */
const deployed = (workflows: Record<string, Workflow>) => {
  const platform = { ...backend.platform, workflows };
  return { ...backend, platform, deps: openDependencies(platform) };
};

const renamed: Workflow = {
  name: "sdlc",
  steps: sdlc.steps.map((step) => ({ ...step, name: `New ${step.name}` })),
};

const workflowIn = async ({ deps }: typeof backend, project_id: string) => {
  const { workflow } = await deps.load({ tenant: "local", project_id }, {});
  return workflow;
};

test("a project runs by the workflow it was created with, whatever the files say later", async () => {
  const { id } = await useCasesOf(backend).project({ workflow: "sdlc" });
  const after = deployed({ sdlc: renamed });
  expect(await workflowIn(after, id)).toEqual(sdlc);
  const fresh = await useCasesOf(after).project({ workflow: "sdlc" });
  expect(await workflowIn(after, fresh.id)).toEqual(renamed);
  expect(await workflowIn(backend, fresh.id)).toEqual(renamed);
  const [task] = await useCasesOf(after).tasksOf(fresh.id);
  expect(task?.name).toBe("New Project Planning");
});

test("a project goes on when its workflow is defined no more", async () => {
  const on = useCasesOf(backend);
  const { id } = await on.project({ workflow: "sdlc", oversight_level: "low" });
  const after = deployed({});
  expect(await workflowIn(after, id)).toEqual(sdlc);
  await expect(useCasesOf(after).project({ workflow: "sdlc" })).rejects.toMatchObject({
    code: "invalid-request",
  });
});

test("a workflow is kept once, under the digest of its steps; none is kept for none", async () => {
  const on = useCasesOf(backend);
  const [one, two, none] = [
    await on.project({ workflow: "sdlc" }),
    await on.project({ workflow: "sdlc" }),
    await on.project(),
  ];
  const [first, second, without] = await Promise.all(
    [one, two, none].map(({ id }) => on.projectOf(id)),
  );
  expect(first?.workflow_digest).toMatch(/^[0-9a-f]{64}$/);
  expect(second?.workflow_digest).toBe(first?.workflow_digest);
  expect(without?.workflow_digest).toBeNull();
  const { documentClient: client, tableName: TableName } = backend.tables;
  const Key = keys.workflow("local", first?.workflow_digest ?? "");
  expect((await client.send(new GetCommand({ TableName, Key }))).Item).toMatchObject({ v: 1 });
});

test("a project from before workflows were kept goes by the files", async () => {
  const { workflowOf } = deployed({ sdlc: renamed }).deps;
  const project = { workflow: "sdlc", workflow_digest: null };
  expect(await workflowOf("local", project)).toEqual(renamed);
  expect(await workflowOf("local", { ...project, workflow: "gone" })).toEqual({
    name: "gone",
    steps: [],
  });
});

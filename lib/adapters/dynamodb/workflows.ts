import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Json } from "../../domain/json.ts";
import { invalid, Problem } from "../../domain/problem.ts";
import type { KeptWorkflow } from "../../domain/project/create-project.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { noWorkflow, Workflow } from "../../domain/workflow/workflow.ts";
import { keys } from "./keys.ts";
import { digest, pack } from "./pack.ts";
import { readBody } from "./records.ts";
import { currentVersion } from "./schema-versions.ts";
import type { Table } from "./table.ts";

const digests = new WeakMap<Workflow, string>();

/** Made once for a definition: what is defined never changes while the process lives. */
const digestOf = (defined: Workflow): string => {
  const { name, steps } = defined;
  const known = digests.get(defined) ?? digest({ name, steps } as unknown as Json).sha256;
  digests.set(defined, known);
  return known;
};

const readWorkflow = async (table: Table, tenant: string, sha256: string): Promise<Workflow> => {
  const Key = keys.workflow(tenant, sha256);
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
  );
  if (Item) return Workflow.parse(readBody("workflows", Item));
  throw new Problem("internal", "The workflow that the project was created with is not there.");
};

const writeWorkflow = async (table: Table, tenant: string, { digest, workflow }: KeptWorkflow) => {
  const Item = {
    ...keys.workflow(tenant, digest ?? ""),
    v: currentVersion("workflows"),
    body: pack(workflow),
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
};

/** The fields of a project that identify its workflow. */
type WorkflowRef = Pick<ProjectRecord, "workflow" | "workflow_digest">;

/**
 * Opens the workflows that projects run. Each is stored once for a tenant, under the digest of its steps, so that a changed
 * file changes new projects only. A stored workflow never changes: a process reads each once, and writes each once.
 *
 * @param defined the workflows of the catalog, by name
 */
export const openWorkflows = (table: Table, defined: Readonly<Record<string, Workflow>>) => {
  const current = new Map<string, KeptWorkflow>([
    [noWorkflow.name, { workflow: noWorkflow, digest: null }],
  ]);
  for (const each of Object.values(defined)) {
    const { name, steps } = each;
    current.set(name, { workflow: { name, steps }, digest: digestOf(each) });
  }
  const byDigest = new Map(
    [...current.values()].map(({ digest, workflow }) => [digest ?? "", workflow]),
  );
  const written = new Set<string>();
  return {
    /**
     * Gives the workflow of this name as it is defined now, and stores it for the project that is about to be created.
     *
     * @throws Problem `invalid-request` when no workflow has this name
     */
    keepWorkflow: async (tenant: string, name: string): Promise<KeptWorkflow> => {
      const kept = current.get(name);
      if (!kept) throw invalid("#/body/workflow", `There is no workflow ${name}.`);
      const place = `${tenant} ${kept.digest}`;
      if (kept.digest && !written.has(place)) await writeWorkflow(table, tenant, kept);
      written.add(place);
      return kept;
    },
    /**
     * Gives the workflow that a project runs. A project from before workflows were stored runs the one of the catalog.
     *
     * @throws Problem `internal` when the stored workflow is missing
     * @throws ZodError when it does not have the shape of this version of the code
     */
    workflowOf: async (
      tenant: string,
      { workflow: name, workflow_digest }: WorkflowRef,
    ): Promise<Workflow> => {
      if (!workflow_digest) return current.get(name)?.workflow ?? { name, steps: [] };
      const known =
        byDigest.get(workflow_digest) ?? (await readWorkflow(table, tenant, workflow_digest));
      byDigest.set(workflow_digest, known);
      return known;
    },
  };
};

import * as z from "zod";
import { Id } from "../../domain/common.ts";
import { NextCursor, paging, projectPath } from "../fields.ts";
import { defineQuery } from "../route.ts";

const tag = "Projects";

const spent = {
  calls: z.int().meta({ description: "Calls of models, the failed ones among them." }),
  failed_calls: z.int(),
  input_tokens: z.int(),
  cached_input_tokens: z.int().meta({ description: "Read from a cache; among input_tokens." }),
  cache_write_input_tokens: z
    .int()
    .meta({ description: "Written to a cache; among input_tokens." }),
  output_tokens: z.int(),
  cost_usd: z.number(),
};
const reserved_usd = z.number().meta({
  description: "Set aside for calls under way; for good where their worker died.",
});

const Usage = z
  .object({
    project_id: Id,
    prices_as_of: z.iso.date().meta({ description: "The date of the price list." }),
    total: z.object({ ...spent, reserved_usd }),
    by_agent: z.array(z.object({ agent_type: z.string(), ...spent })),
    by_model: z.array(z.object({ model: z.string(), ...spent })),
    budgets: z.array(
      z.object({
        scope: z.enum(["project", "tenant", "day"]),
        limit_usd: z.number().nullable().meta({ description: "Null is no limit." }),
        spent_usd: z.number(),
        reserved_usd,
        used_percentage: z.number().nullable(),
      }),
    ),
    tasks: z.array(z.object({ task_id: Id, agents: z.array(z.string()), ...spent, reserved_usd })),
    unreadable: z.array(z.string()).meta({
      description:
        "Of `project`, `tenant` and `day:<date>` those whose ledger cannot be read, and counts as empty here. Usually none.",
    }),
    next_cursor: NextCursor,
  })
  .meta({ id: "Usage", description: "What model calls have used and cost." });

export const projectUsageRoute = defineQuery({
  operationId: "getProjectUsage",
  path: "/api/v1/projects/{project_id}/usage",
  summary: "Tokens and money: in all, by agent, by model, by task; and the budgets",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath, query: z.strictObject(paging) }),
  response: Usage,
  status: 200,
  problems: [],
});

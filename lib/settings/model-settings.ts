import * as z from "zod";
import { wires } from "../agents/providers/wires.ts";
import { agentNames } from "../catalog/load.ts";
import { readAmount } from "../domain/budget/amount.ts";
import { microDollars } from "../domain/budget/money.ts";
import { builtInProviders, builtInVariables } from "./built-in-providers.ts";
import { McpServers } from "./mcp-servers.ts";
import { PriceSetting } from "./prices.ts";
import type { Models } from "./providers.ts";
import {
  AgentModels,
  ModelFallback,
  namedProviders,
  readAgents,
  readChoices,
} from "./read-choices.ts";
import { type Complain, ModelProviders, readProviders } from "./read-providers.ts";

/** The highest limit, in micro-dollars. */
const maxBudget = microDollars(1_000_000_000);

/** A limit: US dollars in the variable, micro-dollars in the result; `none` gives null. With 0 nothing may be spent. */
const budget = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .transform((text, ctx): number | null => {
      if (text === "none") return null;
      const read = readAmount(text, { min: 0, max: maxBudget });
      if ("amount" in read) return read.amount;
      ctx.addIssue(`${read.problem} For no limit write none.`);
      return z.NEVER;
    });

/** A variable that holds JSON. It does not show the message of JSON.parse, which quotes the text: that may be a key. */
const jsonText = <T>(schema: z.ZodType<T>, example: string) =>
  z
    .string()
    .transform((text, ctx): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        ctx.addIssue(`Must be JSON like ${example}`);
        return z.NEVER;
      }
    })
    .pipe(schema);

const msByUnit = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const maxKeptMs = 365 * msByUnit.d;

/** A time such as `12h`, at most a year, in milliseconds; null for `none`. */
const KeptTime = z
  .string()
  .default("none")
  .transform((text, ctx): number | null => {
    if (text === "none") return null;
    const [, count, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
    const ms = Number(count) * msByUnit[(unit ?? "d") as keyof typeof msByUnit];
    if (ms <= maxKeptMs) return ms;
    ctx.addIssue("Must be a time like 30m, 12h or 7d, at most 365d, or none");
    return z.NEVER;
  });

const variables = {
  ...builtInVariables,
  MODEL_PROVIDERS: ModelProviders.default({}),
  AGENT_MODELS: AgentModels.optional(),
  MODEL_FALLBACK: ModelFallback.optional(),
  MODEL_TIMEOUT_SECONDS: z.coerce.number().gt(0).max(86_400).default(120),
  CONTEXT_TOKENS: z.coerce.number().int().min(1).default(30_000),
  BUDGET_TASK_USD: budget(5),
  BUDGET_PROJECT_USD: budget(25),
  BUDGET_TENANT_USD: budget(1_000),
  BUDGET_DAY_USD: budget(100),
  MODEL_PRICES: jsonText(
    z.record(z.string(), PriceSetting),
    '{"my-model": {"input": 1, "output": 4}}, in dollars per million tokens',
  ).default({}),
  KEEP_TRANSCRIPTS: KeptTime,
  MCP_SERVERS: jsonText(McpServers, '{"docs": {"url": "https://…/mcp"}}').default({}),
};

/** The variables of the functions that ask models. Every function has the region and the budgets. */
export const modelVariables: readonly string[] = Object.keys(variables).filter(
  (name) => name !== "AWS_REGION" && !name.startsWith("BUDGET_"),
);

type ModelEnv = z.output<z.ZodObject<typeof variables>>;

const referencesOf = ({ AGENT_MODELS, MODEL_FALLBACK }: ModelEnv) => [
  ...[...(AGENT_MODELS?.values() ?? [])].flat(),
  ...(MODEL_FALLBACK ?? []),
];

const providersOf = (env: ModelEnv, complain: Complain) => {
  const context = {
    entries: env.MODEL_PROVIDERS,
    region: env.AWS_REGION ?? null,
    complain,
  };
  const named = namedProviders(referencesOf(env));
  const providers = readProviders(context, { builtIns: builtInProviders(env), named });
  const withoutRegion = providers.find(
    ({ api, region }) => wires[api].regionUrl && region === null,
  );
  if (withoutRegion) complain("AWS_REGION", `The provider "${withoutRegion.name}" needs a region`);
  return providers;
};

/** Complains about agents that do not exist: a mistyped name would leave its agent with the default models. */
const checkAgents = ({ AGENT_MODELS }: ModelEnv, complain: Complain) => {
  for (const name of AGENT_MODELS?.keys() ?? []) {
    if (name === "*" || agentNames.includes(name)) continue;
    complain(
      "AGENT_MODELS",
      `There is no agent "${name}". The agents are ${agentNames.join(", ")}`,
    );
  }
};

const toModels = (env: ModelEnv, ctx: z.RefinementCtx): Models => {
  const complain: Complain = (variable, message) =>
    ctx.addIssue({ code: "custom", path: [variable], message });
  checkAgents(env, complain);
  const providers = providersOf(env, complain);
  const reader = { configured: providers.map(({ name }) => name), complain };
  return {
    providers,
    agents: readAgents({ ...reader, variable: "AGENT_MODELS" }, env.AGENT_MODELS ?? new Map()),
    fallbacks: env.MODEL_FALLBACK
      ? readChoices({ ...reader, variable: "MODEL_FALLBACK" }, env.MODEL_FALLBACK)
      : null,
    timeoutMs: env.MODEL_TIMEOUT_SECONDS * 1_000,
    contextTokens: env.CONTEXT_TOKENS,
    budgets: {
      task: env.BUDGET_TASK_USD,
      project: env.BUDGET_PROJECT_USD,
      tenant: env.BUDGET_TENANT_USD,
      day: env.BUDGET_DAY_USD,
    },
    prices: env.MODEL_PRICES,
    transcriptsMs: env.KEEP_TRANSCRIPTS,
    mcpServers: env.MCP_SERVERS,
  };
};

/** Makes one object of the variables about models. Empty variables must be removed before. */
export const ModelSettings = z.object(variables).transform(toModels);

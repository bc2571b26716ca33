import * as z from "zod";
import type { Endpoint } from "../agents/providers/wire.ts";
import { type WireName, wires } from "../agents/providers/wires.ts";
import type { Budgets } from "../domain/budget/budget.ts";
import type { McpServer } from "./mcp-servers.ts";
import type { OwnPrices } from "./prices.ts";

/** The wire that a provider speaks. */
export const ProviderApi = z.enum(Object.keys(wires) as WireName[]);
export type ProviderApi = WireName;

/** Who offers models. */
export type Provider = Endpoint & {
  api: ProviderApi;
  /** What is asked when a reference names the provider alone. */
  model: string;
};

export type ModelRef = { provider: Provider; model: string };

/** A reference as it is written; a null model is the provider's own. */
export type Choice = { provider: string; model: string | null };

/** `offline`: no model at all, the offline agent does the work. */
export type Choices = readonly Choice[] | "offline";

export type Models = {
  /** In the order in which they stand in for each other. */
  providers: readonly Provider[];
  /** By agent type; `*` is for those that say nothing themselves. */
  agents: ReadonlyMap<string, Choices>;
  /** Tried after an agent's own; null: every other provider. */
  fallbacks: readonly Choice[] | null;
  /** How long a model may be silent. */
  timeoutMs: number;
  contextTokens: number;
  budgets: Budgets;
  /** By the model's exact name; they go before the list. */
  prices: OwnPrices;
  mcpServers: Readonly<Record<string, McpServer>>;
};

/** The name of a provider. */
export const providerName = /^[a-z][a-z0-9-]{0,39}$/;

/** Not a provider: the agents that need none. */
export const offline = "offline";

/** Bedrock's model ids hold `:` and `/` themselves, so only the first one ends the provider's name. */
const reference = /^([a-z][a-z0-9-]{0,39})(?:[/:](\S+))?$/;

/** `provider`, `provider/model` or `provider:model`; null when it is none of them. */
export const parseReference = (text: string): Choice | null => {
  const [, provider, model = null] = reference.exec(text.trim()) ?? [];
  if (!provider || (provider === offline && model)) return null;
  return { provider, model };
};

type Setup = Pick<Models, "providers" | "agents" | "fallbacks">;

/** What of a definition's wishes can be had; undefined when nothing can. */
const readPreference = ({ providers }: Setup, preference: readonly string[]) => {
  const wishes = preference.flatMap((text) => parseReference(text) ?? []);
  const end = wishes.findIndex(({ provider }) => provider === offline);
  const models = end < 0 ? wishes : wishes.slice(0, end);
  const configured = models.filter((wish) => providers.some(({ name }) => name === wish.provider));
  if (configured.length > 0) return configured;
  return end < 0 ? undefined : offline;
};

const ownOf = (setup: Setup, agent: string, preference: readonly string[]): Choices =>
  setup.agents.get(agent) ??
  readPreference(setup, preference) ??
  setup.agents.get("*") ??
  ([] as const);

const fallbacksOf = ({ providers, fallbacks }: Setup, own: readonly Choice[]): readonly Choice[] =>
  fallbacks ??
  providers
    .filter(({ name }) => own.every(({ provider }) => provider !== name))
    .map(({ name }) => ({ provider: name, model: null }));

const find = ({ providers }: Setup, { provider: wanted, model }: Choice): ModelRef[] => {
  const provider = providers.find(({ name }) => name === wanted);
  return provider ? [{ provider, model: model ?? provider.model }] : [];
};

export const describeModel = ({ provider, model }: ModelRef): string => `${provider.name}/${model}`;

const isFirst = (ref: ModelRef, index: number, all: readonly ModelRef[]) =>
  all.findIndex((other) => describeModel(other) === describeModel(ref)) === index;

/**
 * The models an agent asks, in their order: what AGENT_MODELS says of it, else its definition's preference (what
 * is not configured is left out), else what `*` says; then the fallbacks. Empty: the offline agent does the work.
 */
export const chainOf = (
  models: Setup,
  agent: string,
  preference: readonly string[],
): readonly ModelRef[] => {
  const own = ownOf(models, agent, preference);
  if (own === offline) return [];
  const choices = [...own, ...fallbacksOf(models, own)];
  const chain = choices.flatMap((choice) => find(models, choice)).filter(isFirst);
  if (chain.length > 0) return chain;
  return models.providers.slice(0, 1).map((provider) => ({ provider, model: provider.model }));
};

/**
 * The agents that would work offline although no setting and no definition says so.
 *
 * @param preferences the models that each agent's definition prefers
 */
export const silentlyOffline = (
  models: Setup,
  preferences: Readonly<Record<string, readonly string[]>>,
): string[] =>
  Object.entries(preferences)
    .filter(([agent, preference]) => ownOf(models, agent, preference) !== offline)
    .filter(([agent, preference]) => chainOf(models, agent, preference).length === 0)
    .map(([agent]) => agent);

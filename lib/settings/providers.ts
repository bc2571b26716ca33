import * as z from "zod";
import type { Endpoint } from "../agents/providers/wire.ts";
import { type WireName, wires } from "../agents/providers/wires.ts";
import type { Budgets } from "../domain/budget/budget.ts";
import type { CapabilitySetting } from "./capabilities.ts";
import type { McpServer } from "./mcp-servers.ts";
import type { OwnPrices } from "./prices.ts";

/** The wire that a provider speaks. */
export const ProviderApi = z.enum(Object.keys(wires) as WireName[]);
export type ProviderApi = WireName;

/** A provider of models. */
export type Provider = Endpoint & {
  api: ProviderApi;
  /** The model that is asked when a reference names only the provider. */
  model: string;
  /** What its models take, where that differs from the table (capabilities.ts). */
  capabilities?: CapabilitySetting;
  /** Settings of single models, by their ids. */
  models?: Readonly<Record<string, { capabilities?: CapabilitySetting }>>;
};

/** A model of a provider. */
export type ModelRef = { provider: Provider; model: string };

/** A reference to a model in the settings. Null: the provider's default model. */
export type Choice = { provider: string; model: string | null };

/** The models of an agent, in order; `offline`: the offline agent does the work. */
export type Choices = readonly Choice[] | "offline";

export type Models = {
  /** The configured providers, in the order in which they replace each other. */
  providers: readonly Provider[];
  /** Models by agent type; `*` is for agents without models of their own. */
  agents: ReadonlyMap<string, Choices>;
  /** The models that are asked after an agent's own; null: every other provider. */
  fallbacks: readonly Choice[] | null;
  /** Milliseconds that a model may be silent. */
  timeoutMs: number;
  /** Tokens of a prompt for the project's artifacts. */
  contextTokens: number;
  budgets: Budgets;
  /** Prices from the settings. They replace those of the list. */
  prices: OwnPrices;
  /** Milliseconds for which transcripts of model calls are kept; null to keep none. */
  transcriptsMs: number | null;
  mcpServers: Readonly<Record<string, McpServer>>;
};

/** What a provider may be called. */
export const providerName = /^[a-z][a-z0-9-]{0,39}$/;

/** Stands for the offline agents in the place of a provider. */
export const offline = "offline";

/** The first `/` or `:` ends the provider's name: Bedrock's model ids contain both. */
const reference = /^([a-z][a-z0-9-]{0,39})(?:[/:](\S+))?$/;

/** Reads `provider`, `provider/model` or `provider:model`; null for any other text. */
export const parseReference = (text: string): Choice | null => {
  const [, provider, model = null] = reference.exec(text.trim()) ?? [];
  if (!provider || (provider === offline && model)) return null;
  return { provider, model };
};

type Setup = Pick<Models, "providers" | "agents" | "fallbacks">;

/** Chooses the preferred models whose providers are configured; undefined when there are none. */
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
 * Lists the models that an agent asks, in order: those that AGENT_MODELS sets for it, otherwise the configured ones that its file
 * or step prefers, otherwise those of `*`; then the fallbacks. Empty: the offline agent does the work.
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

/** Lists the models with these references whose providers are configured. */
export const modelsNamed = (setup: Setup, names: readonly string[]): readonly ModelRef[] =>
  names
    .flatMap((text) => parseReference(text) ?? [])
    .flatMap((choice) => find(setup, choice))
    .filter(isFirst);

/**
 * Lists the agents that would work offline although neither a setting nor their file says `offline`.
 *
 * @param preferences the models that each agent's file prefers
 */
export const silentlyOffline = (
  models: Setup,
  preferences: Readonly<Record<string, readonly string[]>>,
): string[] =>
  Object.entries(preferences)
    .filter(([agent, preference]) => ownOf(models, agent, preference) !== offline)
    .filter(([agent, preference]) => chainOf(models, agent, preference).length === 0)
    .map(([agent]) => agent);

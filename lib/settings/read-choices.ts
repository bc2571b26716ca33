import * as z from "zod";
import { truncate } from "../domain/common.ts";
import { type Choice, type Choices, offline, parseReference } from "./providers.ts";
import type { Complain } from "./read-providers.ts";

/** References to models, as the variable has them, by agent. */
type WrittenReferences = ReadonlyMap<string, readonly string[]>;

const Json = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));

const example =
  'Must be like `analyst=anthropic,architect=openai/gpt-5|google,*=google`, or JSON: {"analyst": "anthropic", "*": ["google", "openai"]}';

const agentName = /^(?:\*|[a-z][a-z0-9_-]{0,39})$/;

const split = (text: string, separator: string) => text.split(separator).map((part) => part.trim());

const readJson = (text: string): [string, readonly string[]][] | null => {
  try {
    const given = Json.parse(JSON.parse(text));
    return Object.entries(given).map(([agent, list]) => [
      agent,
      typeof list === "string" ? split(list, "|") : list,
    ]);
  } catch {
    return null;
  }
};

const readCompact = (text: string): [string, readonly string[]][] | null => {
  const entries = split(text, ",").map((entry): [string, readonly string[]] => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at).trim(), split(entry.slice(at + 1), "|")];
  });
  const isComplete = split(text, ",").every((entry) => entry.indexOf("=") > 0);
  return isComplete ? entries : null;
};

const problemOf = (entries: readonly [string, readonly string[]][] | null): string | null => {
  if (!entries) return example;
  const names = entries.map(([agent]) => agent);
  const odd = names.find((name) => !agentName.test(name));
  if (odd !== undefined) return `"${truncate(odd, 60)}" is not the name of an agent. ${example}`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `"${twice}" occurs twice`;
};

/** AGENT_MODELS: as JSON, or as `agent=model|model,…`. */
export const AgentModels = z.string().transform((text, ctx): WrittenReferences => {
  const entries = text.startsWith("{") ? readJson(text) : readCompact(text);
  const problem = problemOf(entries);
  if (problem === null) return new Map(entries);
  ctx.addIssue(problem);
  return z.NEVER;
});

/** MODEL_FALLBACK: references in order; empty for `none`. */
export const ModelFallback = z
  .string()
  .transform((text): readonly string[] => (text === "none" ? [] : split(text, ",")));

/** Gives the names of the providers in references, configured or not. */
export const namedProviders = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => parseReference(text)?.provider ?? []));

type Reader = { variable: string; configured: readonly string[]; complain: Complain };

const hint = (provider: string, configured: readonly string[]) =>
  `The provider "${provider}" is not configured: set its key or add it to MODEL_PROVIDERS` +
  ` (configured: ${configured.join(", ") || "none"})`;

const readChoice = ({ variable, configured, complain }: Reader, text: string): Choice[] => {
  const choice = parseReference(text);
  if (!choice) {
    complain(
      variable,
      `"${truncate(text, 60)}" is not a model: write provider, provider/model or provider:model`,
    );
    return [];
  }
  if (choice.provider === offline) {
    complain(
      variable,
      "`offline` must stand alone, and only in AGENT_MODELS; in MODEL_FALLBACK write `none`",
    );
    return [];
  }
  if (configured.includes(choice.provider)) return [choice];
  complain(variable, hint(choice.provider, configured));
  return [];
};

/** Reads the references for one agent, or the fallbacks. Complains about each that is wrong, and leaves it out. */
export const readChoices = (reader: Reader, texts: readonly string[]): readonly Choice[] =>
  texts.flatMap((text) => readChoice(reader, text));

/** Reads the models of each agent in AGENT_MODELS. */
export const readAgents = (
  reader: Reader,
  written: WrittenReferences,
): ReadonlyMap<string, Choices> =>
  new Map(
    [...written].map(([agent, texts]): [string, Choices] => [
      agent,
      texts.length === 1 && texts[0] === offline ? offline : readChoices(reader, texts),
    ]),
  );

import { agentNames } from "../../catalog/load.ts";
import { type directiveKinds, withoutDirectives } from "../../domain/directive-text.ts";
import type { AgentType } from "../../domain/project/agent.ts";

/** The orders that the directives in a text give to one agent. */
export type Directives = {
  sleepMs: number;
  /** Number of the last attempt that fails; infinite for `[[fail:always]]`. */
  failures: number;
  questions: readonly string[];
  /** Size of the output's JSON in bytes; 0 leaves it as it is. */
  bytes: number;
  /** Number of test runs that fail; infinite for `[[tests:fail:always]]`. */
  failedTestRuns: number;
  confidence: number | null;
  /** Number of conflicts that an attempt reports; infinite for `[[conflict:always]]`. */
  conflicts: number;
};

type Kind = (typeof directiveKinds)[number];
type FoundDirective = { agent: string | null; kind: Kind; value: string };

const maxSleepMs = 600_000;
const maxBytes = 10_000_000;

const within = (text: string, pattern: RegExp, max: number) =>
  pattern.test(text) && Number(text) <= max ? Number(text) : null;
const whole = (text: string, max = Number.MAX_SAFE_INTEGER) => within(text, /^\d+$/, max);
const times = (text: string) => (text === "always" ? Number.POSITIVE_INFINITY : whole(text));

/** Reads the value of each kind of directive. Null (malformed, or out of bounds) means that the directive is ignored. */
const kinds = {
  sleep: (value) => whole(value, maxSleepMs),
  fail: times,
  ask: (value) => value || null,
  bytes: (value) => whole(value, maxBytes),
  tests: (value) => (value.startsWith("fail:") ? times(value.slice("fail:".length)) : null),
  confidence: (value) => within(value, /^\d+(\.\d+)?$/, 1),
  conflict: times,
} as const satisfies Record<Kind, (value: string) => number | string | null>;

const names = agentNames.join("|");
const kindNames = Object.keys(kinds).join("|");
const directive = new RegExp(
  `\\[\\[\\s*(?:(${names})\\s*:\\s*)?(${kindNames})\\s*:([^\\[\\]]*)\\]\\]`,
  "g",
);

const findAll = (text: string): FoundDirective[] =>
  [...text.matchAll(directive)].map(([, agent, kind, value]) => ({
    agent: agent ?? null,
    kind: kind as Kind,
    value: (value ?? "").trim(),
  }));

/** Lists the valid values of one kind for one agent: those that name it, otherwise those for all agents. */
const valuesOf = <K extends Kind>(found: readonly FoundDirective[], agent: AgentType, kind: K) => {
  const read = (addressee: string | null) =>
    found
      .filter((each) => each.kind === kind && each.agent === addressee)
      .map((each) => kinds[kind](each.value) as ReturnType<(typeof kinds)[K]>)
      .filter((value) => value !== null);
  const named = read(agent);
  return named.length > 0 ? named : read(null);
};

/**
 * Reads the directives for one agent. The last one of a kind counts; questions are collected.
 *
 * @example readDirectives("A shop [[sleep:500]] [[coder:fail:1]]", "coder").failures // 1
 */
export const readDirectives = (text: string, agent: AgentType): Directives => {
  const found = findAll(text);
  return {
    sleepMs: valuesOf(found, agent, "sleep").at(-1) ?? 0,
    failures: valuesOf(found, agent, "fail").at(-1) ?? 0,
    questions: [...new Set(valuesOf(found, agent, "ask"))],
    bytes: valuesOf(found, agent, "bytes").at(-1) ?? 0,
    failedTestRuns: valuesOf(found, agent, "tests").at(-1) ?? 0,
    confidence: valuesOf(found, agent, "confidence").at(-1) ?? null,
    conflicts: valuesOf(found, agent, "conflict").at(-1) ?? 0,
  };
};

/** Removes directives from a text, and blanks at its ends. */
export const stripDirectives = (text: string): string => withoutDirectives(text).trim();

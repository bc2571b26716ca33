import { agentNames } from "../../catalog/load.ts";
import type { AgentType } from "../../domain/project/agent.ts";

/** What the directives in a text order one agent to do. */
export type Directives = {
  sleepMs: number;
  /** Attempts up to this one fail; infinite for `[[fail:always]]`. */
  failures: number;
  questions: readonly string[];
  /** Size of the output's JSON; 0 leaves it as it is. */
  bytes: number;
  /** Test runs up to this one fail; infinite for `[[tests:fail:always]]`. */
  failedTestRuns: number;
  confidence: number | null;
  /** Tries of an attempt up to this one report a conflict; infinite for `[[conflict:always]]`. */
  conflicts: number;
};

type Kind = "sleep" | "fail" | "ask" | "bytes" | "tests" | "confidence" | "conflict";
type FoundDirective = { agent: string | null; kind: Kind; value: string };

const maxSleepMs = 600_000;
const maxBytes = 10_000_000;

const within = (text: string, pattern: RegExp, max: number) =>
  pattern.test(text) && Number(text) <= max ? Number(text) : null;
const whole = (text: string, max = Number.MAX_SAFE_INTEGER) => within(text, /^\d+$/, max);
const times = (text: string) => (text === "always" ? Number.POSITIVE_INFINITY : whole(text));

/** Reads a directive's value; null when it is malformed or out of bounds, which ignores it. */
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

/** The valid values of one kind for one agent: those that name it, or else those for all. */
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
 * Of several directives of one kind the last counts; only questions add up.
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

/** Takes out what looks like a directive, malformed ones too; other double brackets are text. */
export const stripDirectives = (text: string): string =>
  text
    .replace(directive, " ")
    .replace(/[ \t]{2,}/g, " ")
    .replace(/ ([.,;:!?])/g, "$1")
    .trim();

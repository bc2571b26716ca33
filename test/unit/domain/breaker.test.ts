import { expect, test } from "vitest";
import {
  admissionOf,
  afterCall,
  type Breaker,
  type CallOutcome,
  newBreaker,
} from "../../../lib/domain/budget/breaker.ts";
import { aFailedCall, now, nowPlus } from "../../support/builders.ts";

const aBreaker = (fields: Partial<Breaker> = {}): Breaker => ({
  ...newBreaker("openai"),
  rev: 7,
  ...fields,
});

/** Open from `now` on, for 30 s. */
const anOpen = (fields: Partial<Breaker> = {}) =>
  aBreaker({ state: "open", failures: 5, opened_at: now, open_until: nowPlus(30), ...fields });

/** Open for 30 s, and one call has been trying since. */
const aHalfOpen = (fields: Partial<Breaker> = {}) =>
  anOpen({ state: "half_open", probe_until: nowPlus(150), ...fields });

const fine: CallOutcome = { ok: true, latency_ms: 1_234.5 };
const failed = (code: string, more: object = {}) => aFailedCall({ code, ...more });
const wrong = aFailedCall({ fault: "request", code: "bad_request", said: "No." });
const calledOff = aFailedCall({ fault: "cancelled", code: "aborted" });
const late = { now: nowPlus(40), probing: false };
const trying = { now: nowPlus(40), probing: true };

test.each([
  { name: "closed", breaker: aBreaker({ failures: 4 }), at: 0, admission: { kind: "allowed" } },
  {
    name: "open",
    breaker: anOpen(),
    at: 29.999,
    admission: { kind: "refused", retry_at: nowPlus(30) },
  },
  {
    name: "open for long enough",
    breaker: anOpen(),
    at: 30,
    admission: {
      kind: "probe",
      breaker: anOpen({ state: "half_open", probe_until: nowPlus(150) }),
    },
  },
  {
    name: "tried by somebody",
    breaker: aHalfOpen(),
    at: 149,
    admission: { kind: "refused", retry_at: nowPlus(150) },
  },
  {
    name: "tried by somebody who was never heard of again",
    breaker: aHalfOpen(),
    at: 150,
    admission: { kind: "probe", breaker: aHalfOpen({ probe_until: nowPlus(270) }) },
  },
])("a circuit that is $name, after $at s", ({ breaker, at, admission }) => {
  expect(admissionOf(breaker, nowPlus(at), 120_000)).toEqual(admission);
});

type Row = {
  name: string;
  breaker: Breaker;
  outcome: CallOutcome;
  moment?: { now: string; probing: boolean };
  after: Partial<Breaker> | null;
};

const shut = { state: "closed", failures: 0, opened_at: null, open_until: null, probe_until: null };
const openFor = (seconds: number) => ({
  state: "open" as const,
  opened_at: nowPlus(40),
  open_until: nowPlus(40 + seconds),
  probe_until: null,
});

test.each<Row>([
  {
    name: "a first success is noted",
    breaker: aBreaker(),
    outcome: fine,
    after: { ...(shut as Partial<Breaker>), last_success_at: nowPlus(40), latency_ms: 1_235 },
  },
  {
    name: "a success soon after another one is not",
    breaker: aBreaker({ last_success_at: now }),
    outcome: fine,
    after: null,
  },
  {
    name: "a success a minute later is",
    breaker: aBreaker({ last_success_at: nowPlus(-20) }),
    outcome: fine,
    after: { last_success_at: nowPlus(40) },
  },
  {
    name: "a success ends a row of failures, and the last error stays readable",
    breaker: aBreaker({
      failures: 4,
      last_success_at: nowPlus(39),
      last_error: { code: "500", at: now, said: "" },
    }),
    outcome: fine,
    after: { failures: 0, last_error: { code: "500", at: now, said: "" } },
  },
  {
    name: "the fourth failure is counted",
    breaker: aBreaker({ failures: 3 }),
    outcome: failed("timeout"),
    after: {
      state: "closed",
      failures: 4,
      last_error: { code: "timeout", at: nowPlus(40), said: "" },
      open_until: null,
    },
  },
  {
    name: "the fifth failure opens for 30 s",
    breaker: aBreaker({ failures: 4 }),
    outcome: failed("provider_error"),
    after: { failures: 5, ...openFor(30) },
  },
  {
    name: "a refused key opens at once",
    breaker: aBreaker(),
    outcome: failed("key_refused", { opens: true }),
    after: {
      failures: 1,
      last_error: { code: "key_refused", at: nowPlus(40), said: "" },
      ...openFor(30),
    },
  },
  {
    name: "a short pause that was asked for is a failure like others",
    breaker: aBreaker(),
    outcome: failed("rate_limited", { retry_after_ms: 10_000 }),
    after: { state: "closed", failures: 1 },
  },
  {
    name: "a longer pause that was asked for is given",
    breaker: aBreaker(),
    outcome: failed("rate_limited", { retry_after_ms: 12_000 }),
    after: openFor(12),
  },
  {
    name: "a pause is a day at most",
    breaker: aBreaker(),
    outcome: failed("rate_limited", { retry_after_ms: 1e15 }),
    after: openFor(86_400),
  },
  {
    name: "a refused request is noted, and does not count",
    breaker: aBreaker({ failures: 4, last_success_at: now }),
    outcome: wrong,
    after: {
      state: "closed",
      failures: 4,
      last_error: { code: "bad_request", at: nowPlus(40), said: "No." },
    },
  },
  {
    name: "the same refusal within a minute is not noted again",
    breaker: aBreaker({ last_error: { code: "bad_request", at: now, said: "No." } }),
    outcome: wrong,
    after: null,
  },
  {
    name: "a refusal after a success is",
    breaker: aBreaker({
      last_error: { code: "bad_request", at: nowPlus(10), said: "No." },
      last_success_at: nowPlus(20),
    }),
    outcome: wrong,
    after: { last_error: { code: "bad_request", at: nowPlus(40), said: "No." } },
  },
  {
    name: "so is a success after a refusal, however soon",
    breaker: aBreaker({
      last_error: { code: "bad_request", at: nowPlus(30), said: "" },
      last_success_at: nowPlus(20),
    }),
    outcome: fine,
    after: { last_success_at: nowPlus(40) },
  },
  {
    name: "a try that succeeds closes",
    breaker: aHalfOpen(),
    outcome: fine,
    moment: trying,
    after: { ...(shut as Partial<Breaker>), last_success_at: nowPlus(40) },
  },
  {
    name: "a try that fails opens for twice as long",
    breaker: aHalfOpen(),
    outcome: failed("unreachable"),
    moment: trying,
    after: { failures: 6, ...openFor(60) },
  },
  {
    name: "five minutes is the longest",
    breaker: aHalfOpen({ opened_at: nowPlus(-200), open_until: now }),
    outcome: failed("unreachable"),
    moment: trying,
    after: openFor(300),
  },
  {
    name: "a try that fails after a short pause opens for the usual time",
    breaker: aHalfOpen({ open_until: nowPlus(12) }),
    outcome: failed("unreachable"),
    moment: trying,
    after: openFor(30),
  },
  {
    name: "a try that is told to wait for longer waits for longer",
    breaker: aHalfOpen(),
    outcome: failed("rate_limited", { retry_after_ms: 600_000 }),
    moment: trying,
    after: openFor(600),
  },
  {
    name: "a try that is told to wait for less waits for twice as long as before",
    breaker: aHalfOpen(),
    outcome: failed("rate_limited", { retry_after_ms: 20_000 }),
    moment: trying,
    after: openFor(60),
  },
  {
    name: "a try whose request was wrong has met a provider that answers",
    breaker: aHalfOpen(),
    outcome: wrong,
    moment: trying,
    after: { ...(shut as Partial<Breaker>), last_success_at: null },
  },
  {
    name: "a try that was called off leaves it to the next one",
    breaker: aHalfOpen(),
    outcome: calledOff,
    moment: trying,
    after: { state: "open", open_until: nowPlus(30), probe_until: null },
  },
  {
    name: "a call from before does not close what is open",
    breaker: anOpen(),
    outcome: fine,
    after: null,
  },
  {
    name: "a call from before does not open for longer",
    breaker: anOpen(),
    outcome: failed("provider_error"),
    after: null,
  },
  {
    name: "a call from before does not speak for the one that tries",
    breaker: aHalfOpen(),
    outcome: failed("provider_error"),
    after: null,
  },
  {
    name: "a call from before can ask for a longer pause",
    breaker: anOpen(),
    outcome: failed("rate_limited", { retry_after_ms: 60_000 }),
    after: { state: "open", opened_at: now, open_until: nowPlus(100) },
  },
])("$name", ({ breaker, outcome, moment = late, after }) => {
  const next = afterCall(breaker, outcome, moment);
  if (after === null) return expect(next).toBeNull();
  expect(next).toMatchObject({ ...after, provider: "openai", rev: 7 });
});

test.each(["question", "cancelled"] as const)("a failure by the %s counts for nothing", (fault) => {
  const outcome = aFailedCall({ fault, opens: true, retry_after_ms: 60_000 });
  expect(afterCall(aBreaker({ failures: 4 }), outcome, late)).toBeNull();
  expect(afterCall(anOpen(), outcome, late)).toBeNull();
});

import type { Json } from "../../domain/json.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import { asAsked } from "../../domain/request/request.ts";
import {
  type Agent,
  type AgentContext,
  AgentError,
  type AgentOutput,
  type AgentRequest,
  type AgentResult,
} from "../context.ts";
import { testsPassed } from "../test-verdict.ts";
import { briefOf, type Work } from "./brief.ts";
import { nextConflict } from "./conflict.ts";
import { type Directives, readDirectives, stripDirectives } from "./directives.ts";
import { fillUp } from "./fill-up.ts";
import { mustFail } from "./test-results.ts";
import { notRun, type RunTests, runOwnTests } from "./test-run.ts";
import { writerFor } from "./writers.ts";

/** What an offline agent is given from outside. Without `runTests` no code is run. */
export type OfflineDeps = { runTests?: RunTests | undefined };

const defaultConfidence = 0.9;

const wait = async ({ sleepMs }: Directives, { sleep, signal }: AgentContext): Promise<void> => {
  if (sleepMs > 0) await sleep(sleepMs);
  signal.throwIfAborted();
};

const failIfOrdered = ({ failures }: Directives, attempt: number): void => {
  if (attempt > failures) return;
  throw new AgentError("offline_failure", `Attempt ${attempt} failed as its directive says.`, {
    retryable: true,
  });
};

const nextQuestion = ({ questions }: Directives, { answers }: AgentRequest): string | undefined =>
  questions.find((question) => !answers.some((answer) => answer.question === asAsked(question)));

/** Gives the question or conflict that a directive orders before the work; undefined when there is none. */
const interruption = (directives: Directives, request: AgentRequest): AgentResult | undefined => {
  if (request.mediates) return undefined;
  const question = nextQuestion(directives, request);
  if (question) return { kind: "question", question };
  const conflict = nextConflict(directives, request);
  return conflict && { kind: "conflict", conflict };
};

/** Says of test results in a form of their own, which has no words for it, that nothing was run. */
const testNote = (
  { run, reason, title }: { [key: string]: Json },
  request: AgentRequest,
): string => {
  if (request.task.output_type !== "test_results" || (title && (run ?? reason))) return "";
  return mustFail(request) ? "Simulated, not run: " : "Not run: ";
};

const summaryOf = (content: { [key: string]: Json }, request: AgentRequest): string => {
  const { summary, overview } = content;
  return `${testNote(content, request)}${String(summary ?? overview ?? `${stripDirectives(request.task.name)} is done.`)}`;
};

/** Runs the tests of the newest code, in a task that is to give test results. */
const outcomeFor = async (work: Work, { runTests }: OfflineDeps, signal: AbortSignal) => {
  const { task } = work.request;
  if (task.output_type !== "test_results" || mustFail(work.request))
    return notRun("it was not asked for");
  return runOwnTests(work, runTests, signal);
};

const writeOutput = async (
  request: AgentRequest,
  directives: Directives,
  { signal }: AgentContext,
  deps: OfflineDeps,
): Promise<AgentOutput> => {
  const brief = briefOf(request);
  const work = { request, brief };
  const content = writerFor(request).write(work, await outcomeFor(work, deps, signal));
  const notes = brief.features.map(({ text }) => text);
  return {
    kind: "output",
    content: fillUp(content, notes, directives.bytes),
    metadata: { written_by: `offline ${request.task.agent_type}` },
    confidence: directives.confidence ?? defaultConfidence,
    ...(request.task.output_type === "test_results" && {
      tests_passed: testsPassed(content),
    }),
    summary: summaryOf(content, request),
  };
};

/**
 * Makes an agent that works from the project's own text, and does what directives order. It needs no key and no network. Where it
 * is given `runTests`, the tester runs the tests of code that the templates wrote.
 *
 * @throws AgentError, from `run`: `offline_failure` (retryable) when a directive orders it
 * @throws the signal's reason, from `run`, when the run is aborted
 */
export const offlineAgent = (agent_type: AgentType, deps: OfflineDeps = {}): Agent => ({
  agent_type,
  name: `offline ${agent_type}`,
  run: async (request, agentContext) => {
    const text = `${request.project.description ?? ""}\n${request.task.instructions}`;
    const directives = readDirectives(text, agent_type);
    await agentContext.progress(50, writerFor(request).says(briefOf(request).name));
    await wait(directives, agentContext);
    failIfOrdered(directives, request.task.attempt);
    return (
      interruption(directives, request) ?? writeOutput(request, directives, agentContext, deps)
    );
  },
});

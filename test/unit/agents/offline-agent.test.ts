import { expect, test } from "vitest";
import type { TestResults } from "../../../lib/agents/contents/test-results.ts";
import type { HumanAnswer } from "../../../lib/agents/context.ts";
import { offlineAgent } from "../../../lib/agents/offline/offline-agent.ts";
import { agentNames } from "../../../lib/catalog/load.ts";
import { canonicalJson } from "../../../lib/domain/json.ts";
import { aRequest, fakeTools, run, runOutput } from "./builders.ts";

const anAnswer = (answer: Partial<HumanAnswer>): HumanAnswer => ({
  question: "Which database?",
  action: "amend",
  content: "PostgreSQL",
  comment: null,
  ...answer,
});
const asking = "A shop [[ask:Which database?]] [[ask:Which colour?]]";

test.each(agentNames)("there is an agent for %s", (type) => {
  expect(offlineAgent(type).agent_type).toBe(type);
});

test("tells once what it is doing, then sleeps, then works", async () => {
  const { tools, calls } = fakeTools();
  await offlineAgent("analyst").run(aRequest({ description: "A shop [[sleep:500]]" }), tools);
  expect(calls).toEqual(["progress 50 Reading the description of Cookbook", "sleep 500"]);
});

test("sleeps before it fails", async () => {
  const { tools, calls } = fakeTools();
  const request = aRequest({ description: "[[sleep:500]] [[fail:1]]" });
  await expect(offlineAgent("analyst").run(request, tools)).rejects.toThrow("Attempt 1");
  expect(calls.at(-1)).toBe("sleep 500");
});

test("an aborted run ends with the reason of the signal", async () => {
  const { tools } = fakeTools(AbortSignal.abort(new Error("lease lost")));
  await expect(offlineAgent("analyst").run(aRequest(), tools)).rejects.toThrow("lease lost");
});

test.each([
  { directive: "[[fail:2]]", attempt: 1, fails: true },
  { directive: "[[fail:2]]", attempt: 2, fails: true },
  { directive: "[[fail:2]]", attempt: 3, fails: false },
  { directive: "[[fail:always]]", attempt: 99, fails: true },
  { directive: "[[coder:fail:2]]", attempt: 1, fails: false },
])("attempt $attempt with $directive fails: $fails", async ({ directive, attempt, fails }) => {
  const request = aRequest({ description: directive, task: { attempt } });
  const failure = await run(request).then(
    () => null,
    (error: unknown) => error,
  );
  if (fails) expect(failure).toMatchObject({ code: "offline_failure", retryable: true });
  else expect(failure).toBeNull();
});

test.each([
  { answered: [], asks: "Which database?" },
  { answered: [anAnswer({})], asks: "Which colour?" },
  { answered: [anAnswer({ question: "Something else?" })], asks: "Which database?" },
])("asks one after another, and nothing twice: $asks", async ({ answered, asks }) => {
  expect(await run(aRequest({ description: asking, answers: answered }))).toEqual({
    kind: "question",
    question: asks,
  });
});

test("goes on when everything is answered, and says what it did not take up", async () => {
  const answers = [
    anAnswer({}),
    anAnswer({ question: "Which colour?", action: "approve", content: null }),
  ];
  const { content } = await runOutput(aRequest({ description: asking, answers }));
  expect(content).toMatchObject({
    feedback: [
      {
        question: "Which database?",
        said: "PostgreSQL",
        taken_up: "Not taken up: “PostgreSQL” – an offline agent does not understand this.",
      },
      { question: "Which colour?", said: "Approved." },
    ],
  });
});

test("directives of the instructions count too, and override the description", async () => {
  const request = aRequest({
    description: "[[confidence:0.4]]",
    task: { instructions: "Plan it. [[confidence:0.5]]" },
  });
  expect(await runOutput(request)).toMatchObject({ confidence: 0.5 });
});

test("is sure of its work when nothing else is said", async () => {
  expect((await runOutput(aRequest())).confidence).toBeGreaterThan(0.7);
});

test.each([
  { bytes: 5_000, name: "Cookbook" },
  { bytes: 200_000, name: "Bücher über Bienen 🐝" },
  { bytes: 1_000_000, name: "在线书店" },
])("$bytes bytes are kept exactly for $name", async ({ bytes, name }) => {
  const { content } = await runOutput(aRequest({ name, description: `[[bytes:${bytes}]]` }));
  expect(new TextEncoder().encode(canonicalJson(content)).length).toBe(bytes);
});

test("an artifact that is larger than the size asked for stays whole", async () => {
  const plain = await runOutput(aRequest({ description: "A shop" }));
  const small = await runOutput(aRequest({ description: "A shop [[bytes:100]]" }));
  expect(small.content).toEqual(plain.content);
});

test.each([
  { directive: "", failed: 0, failures: 0 },
  { directive: "[[tests:fail:2]]", failed: 0, failures: 2 },
  { directive: "[[tests:fail:2]]", failed: 1, failures: 1 },
  { directive: "[[tests:fail:2]]", failed: 2, failures: 0 },
  { directive: "[[tester:tests:fail:1]]", failed: 0, failures: 2 },
  { directive: "[[coder:tests:fail:1]]", failed: 0, failures: 0 },
  { directive: "[[tests:fail:always]]", failed: 50, failures: 1 },
])(
  "run after $failed failed ones with $directive: $failures failures",
  async ({ directive, failed, failures }) => {
    const request = aRequest({
      description: `Users can post maps and rate them. ${directive}`,
      failed_test_runs: failed,
      task: { agent_type: "tester", output_type: "test_results" },
    });
    const { tests_passed, content } = await runOutput(request);
    expect(tests_passed).toBe(failures === 0);
    expect(content).toMatchObject({ failed: failures });
    expect((content as TestResults).failures).toHaveLength(failures);
  },
);

test("only testers say whether tests pass", async () => {
  expect(await runOutput(aRequest())).not.toHaveProperty("tests_passed");
});

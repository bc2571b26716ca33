import { expect, test } from "vitest";
import { addArtifact } from "../../lib/services/artifacts/artifacts.ts";
import type { Json, ModelCall, Reply } from "../providers/wire.ts";
import { aCall } from "../support/backend.ts";
import { good, inTurn, startModels, withAgent } from "../support/models-backend.ts";

type Backend = Awaited<ReturnType<typeof startModels>>;

const using = (name: string, input: unknown = {}): Reply => ({
  text: "Let me see.",
  tool_calls: [{ name, input }],
});

/** Google's results are objects with the text in them. */
const textIn = (output: string): string =>
  /^\{"name":/.test(output)
    ? ((JSON.parse(output) as { content?: string }).content ?? output)
    : output;

/** What the tools gave that a call brings with it, newest last. */
const resultsIn = (call: ModelCall | undefined) =>
  (call?.messages ?? []).flatMap(({ tool_results }) =>
    tool_results.map(({ output }) => textIn(output)),
  );

const wires = [
  { AGENT_MODELS: "*=anthropic" },
  { AGENT_MODELS: "*=openai" },
  { AGENT_MODELS: "*=openai", OPENAI_API: "chat" },
  { AGENT_MODELS: "*=google" },
  { AGENT_MODELS: "*=bedrock" },
];
const [anthropic, openai] = wires;

const writer = { agents: withAgent("coder", { tools: ["write_context", "list_files"] }) };

const add = (backend: Backend, project_id: string, content: Json) =>
  backend.on.perform(
    addArtifact(backend.deps, aCall(), {
      project_id,
      artifact_type: "source_code",
      content: content as never,
      artifact_metadata: {},
    }),
  );

const artifactsOf = async ({ deps }: Backend, project_id: string) =>
  (await deps.listArtifacts({ tenant: "local", project_id }, { after: null, limit: 100 })).items;

test.each(wires)(
  "$AGENT_MODELS $OPENAI_API: the model reads what its tools gave, what was refused, and what the person said",
  async (env) => {
    const script = inTurn(
      using("list_files"),
      using("read_file", { path: "a.ts" }),
      using("write_context", { artifact_type: "agent_output", content: "Mine." }),
      using("read_context", { context_id: 5 }),
      using("ask_human", { question: "Which metre?", options: ["5-7-5", "Free"] }),
    );
    await using backend = await startModels(script, env);
    const { on, providers } = backend;
    const { id } = await on.project();
    await add(backend, id, { files: [{ path: "a.ts", content: "let a = 1" }] });
    await on.task(id, "Write a haiku.");
    await backend.work();
    const [question] = await on.pending(id);
    expect(question).toMatchObject({
      kind: "question",
      question: "Which metre?",
      options: ["5-7-5", "Free"],
    });
    const { task, models, said } = await backend.answer(id, { action: "amend", content: "5-7-5" });
    expect(task).toMatchObject({ status: "completed", attempt: 2 });
    expect(models.map(({ purpose }) => purpose)).toEqual(["answer", ...Array(5).fill("tools")]);
    expect(said.filter((words) => words.startsWith("Uses"))).toHaveLength(3);
    expect(resultsIn(providers.calls.at(-1))).toEqual([
      '[{"path":"a.ts","characters":9}]',
      "let a = 1",
      expect.stringContaining("There is no tool write_context."),
      expect.stringContaining("context_id"),
      expect.stringMatching(/words.*5-7-5/),
    ]);
    const written = await artifactsOf(backend, id);
    expect(written.map(({ artifact_type }) => artifact_type).sort()).toEqual([
      "agent_output",
      "hitl_response",
      "source_code",
    ]);
    expect(providers.refusals).toEqual([]);
  },
);

test("an agent reads its own project only, in the versions there are", async () => {
  let asked: Json[] = [];
  await using backend = await startModels((call, index) => {
    const input = asked[index];
    return input ? using("read_context", input) : good(call, index);
  }, openai);
  const { on, providers } = backend;
  const [own, other] = [(await on.project()).id, (await on.project()).id];
  const { context_id: mine } = await add(backend, own, { note: "mine" });
  const { context_id: theirs } = await add(backend, other, { note: "theirs" });
  asked = [
    { context_id: mine },
    { context_id: theirs },
    { context_id: own },
    { context_id: mine, version: 7 },
  ];
  await on.task(own, "Write a haiku.");
  await backend.work();
  expect((await backend.look(own)).task).toMatchObject({ status: "completed" });
  const [found, ...rest] = resultsIn(providers.calls.at(-1));
  expect(JSON.parse(found ?? "")).toMatchObject({ content: { note: "mine" }, version: 1 });
  const none = `There is no such artifact. There are: ${mine} (source_code).`;
  expect(rest).toEqual([none, none, "There is no version 7 of it. The newest is 1."]);
});

test("a file is found by its name as people mean it, and what is near is named", async () => {
  const script = inTurn(
    using("read_file", { path: "./src//Menü.ts".normalize("NFC") }),
    using("read_file", { path: "SRC\\Empty.ts" }),
    using("read_file", { path: "menu.js" }),
    using("list_files", { folder: "./src/" }),
    using("list_files", { folder: "lib" }),
  );
  await using backend = await startModels(script, openai, {
    agents: withAgent("coder", { tools: ["read_file", "list_files"] }),
  });
  const { id } = await backend.on.project();
  const path = "src/Menü.ts".normalize("NFD");
  const files = [
    { path, content: "let menu" },
    { path: "src/empty.ts", content: "" },
  ];
  await add(backend, id, { files: [...files, { path: "menu.ts", content: "x" }] });
  await backend.on.task(id, "Write a haiku.");
  await backend.work();
  const results = resultsIn(backend.providers.calls.at(-1));
  expect(results.slice(0, 3)).toEqual([
    "let menu",
    "(empty)",
    "There is no such file. Near: menu.ts.",
  ]);
  expect(JSON.parse(results[3] ?? "")).toHaveLength(2);
  expect(results[4]).toBe("There is no such folder. There are: src/.");
});

const note = { artifact_type: "agent_output", content: { note: "Use a queue." } };

test("what has effects waits for a person, who sees it; approved, it is done once", async () => {
  const script = inTurn({
    tool_calls: [
      { name: "list_files", input: {} },
      { name: "write_context", input: note },
      { name: "list_files", input: {} },
    ],
  });
  await using backend = await startModels(script, anthropic, writer);
  const { pending, task, project_id } = await backend.run();
  expect(task).toMatchObject({ status: "waiting_for_hitl" });
  expect(pending).toMatchObject([{ kind: "question" }]);
  expect(pending[0]?.question).toContain(`use write_context with ${JSON.stringify(note)}`);
  expect(await artifactsOf(backend, project_id)).toEqual([]);
  const after = await backend.answer(project_id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed" });
  const written = (await artifactsOf(backend, project_id)).filter(
    ({ context_id }) => context_id !== after.task?.output?.context_id,
  );
  expect(written).toMatchObject([{ source_agent: "coder", version: 1 }]);
  const { calls } = backend.providers;
  expect(calls).toHaveLength(2);
  expect(calls[1]?.messages[0]?.text).toContain(calls[0]?.messages[0]?.text);
  expect(resultsIn(calls[1])).toEqual([
    "[]",
    JSON.stringify({ context_id: written[0]?.context_id }),
    "[]",
  ]);
});

test("what was approved and done is not done again, nor forgotten, when the models fail after it", async () => {
  const down = Array<Reply>(4).fill({ status: 500 });
  const script = inTurn(using("write_context", note), ...down);
  await using backend = await startModels(script, { ...openai, MODEL_FALLBACK: "none" }, writer);
  const { project_id } = await backend.run();
  const after = await backend.answer(project_id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed", attempt: 3 });
  expect(await artifactsOf(backend, project_id)).toHaveLength(2);
  expect(resultsIn(backend.providers.calls.at(-1))).toEqual([
    expect.stringMatching(/^\{"context_id":"[-0-9a-f]{36}"\}$/),
  ]);
});

test("amended, it is not done, and the model reads what was said instead", async () => {
  await using backend = await startModels(inTurn(using("write_context", note)), anthropic, writer);
  const { project_id } = await backend.run();
  const after = await backend.answer(project_id, { action: "amend", content: "Use a table." });
  expect(after.task).toMatchObject({ status: "completed" });
  const own = (await artifactsOf(backend, project_id)).filter(
    ({ source_agent }) => source_agent !== "user",
  );
  expect(own).toHaveLength(1);
  expect(resultsIn(backend.providers.calls[1])[0]).toMatch(/Not done.*Use a table\./);
});

test("rejected, it is not done, and the project is halted", async () => {
  await using backend = await startModels(inTurn(using("write_context", note)), openai, writer);
  const { project_id } = await backend.run();
  const { task } = await backend.answer(project_id, { action: "reject" });
  expect(task).toMatchObject({ status: "failed", error: { code: "rejected" } });
  expect(await backend.on.projectOf(project_id)).toMatchObject({ status: "halted" });
  expect(await artifactsOf(backend, project_id)).toEqual([]);
  expect(backend.providers.calls).toHaveLength(1);
});

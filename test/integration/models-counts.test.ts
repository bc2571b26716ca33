import { expect, test } from "vitest";
import { byteLength } from "../../lib/domain/json.ts";
import type { ModelCall, Reply, Script } from "../providers/wire.ts";
import { good, hurriedClock, inTurn, startModels } from "../support/models-backend.ts";
import { randomOf } from "../support/random.ts";

const alone = { MODEL_FALLBACK: "none" };
const wires = [
  { AGENT_MODELS: "*=anthropic" },
  { AGENT_MODELS: "*=openai" },
  { AGENT_MODELS: "*=openai", OPENAI_API: "chat" },
  { AGENT_MODELS: "*=google" },
  { AGENT_MODELS: "*=bedrock" },
];

const lies = [
  { input_tokens: 0, output_tokens: 0 },
  { input_tokens: 1_000, output_tokens: 5_000_000 },
  { input_tokens: 5_000_000, output_tokens: 500 },
  { input_tokens: 1_000, output_tokens: 2 ** 64 },
];

test.each(wires.flatMap((env) => lies.map((usage) => ({ env, usage }))))(
  "$env: $usage cannot be, is estimated, says so, and can be read; the provider's record has it",
  async ({ env, usage }) => {
    const script: Script = async (call, index) => ({ ...(await good(call, index)), usage });
    await using backend = await startModels(script, { ...alone, ...env, BUDGET_TASK_USD: "0.4" });
    const { task, models, usage: used } = await backend.run();
    expect(task).toMatchObject({ status: "completed" });
    expect(models).toMatchObject([
      { outcome: "answered", estimated: true, estimated_because: expect.stringMatching(/tokens/) },
    ]);
    const [call] = models;
    expect(call?.cost_usd).toBeGreaterThan(0);
    expect(call?.cost_usd).toBeLessThan(0.4);
    expect(call?.output_tokens).toBeLessThanOrEqual(16_000);
    expect(used.total.cost_usd).toBe(call?.cost_usd);
    const record = await backend.deps.loadBreaker(env.AGENT_MODELS.slice(2));
    expect(record?.last_doubt).toMatchObject({ reason: call?.estimated_because });
  },
);

test.each<{ name: string; reply: Reply }>([
  ...[408, 402, 404, 500, 504].map((status) => ({ name: `${status}`, reply: { status } })),
])("a call that gets $name is refused, and costs nothing", async ({ reply }) => {
  const clock = hurriedClock();
  const env = { ...alone, AGENT_MODELS: "*=openai" };
  await using backend = await startModels(inTurn(reply), env, { clock });
  const { models } = await backend.run();
  expect(models[0]).toMatchObject({ outcome: "failed", cost_usd: 0, estimated: false });
});

test("a call that broke off counts with all that was reserved", async () => {
  const clock = hurriedClock();
  const script = inTurn({ text: "Half an ans", truncate: "no_end" });
  await using backend = await startModels(
    script,
    { ...alone, AGENT_MODELS: "*=openai" },
    { clock },
  );
  const { models } = await backend.run();
  expect(models[0]).toMatchObject({ outcome: "failed", estimated: true, output_tokens: 16_000 });
});

const random = randomOf(7);
const upTo = (most: number) => Math.floor(random() * most);
const repeat = (count: number, piece: () => string) =>
  Array.from({ length: count }, piece).join("");
const letters = (from: number, span: number) => () => String.fromCodePoint(from + upTo(span));
const hex = () => upTo(16).toString(16);

/** Texts of every kind, of which some have as many tokens as bytes. */
const texts: Record<string, string> = {
  english: repeat(300, () => "The recipe is written down. "),
  base64: repeat(6_000, () => "ABCDEFabcdef0123456789+/"[upTo(24)] ?? ""),
  uuids: repeat(200, () => `${repeat(8, hex)}-${repeat(4, hex)}-${repeat(12, hex)}\n`),
  csv: repeat(600, () => `${upTo(1e6)},"${hex()}",${upTo(99)}.${upTo(99)}\n`),
  minified: repeat(400, () => `!function(${hex()}){return ${hex()}?${hex()}:"\\n"}();`),
  yi: repeat(1_500, letters(0xa000, 1_100)),
  chinese: repeat(1_500, letters(0x4e00, 20_000)),
  hangul: repeat(1_500, letters(0xac00, 11_000)),
  cyrillic: repeat(2_000, letters(0x400, 200)),
  arabic: repeat(2_000, letters(0x600, 200)),
  ligatures: repeat(500, letters(0xfdf0, 12)),
  emoji: repeat(800, letters(0x1f300, 700)),
  cuneiform: repeat(800, letters(0x12000, 900)),
  combining: repeat(1_500, () => `e${letters(0x300, 100)()}`),
  quotes: repeat(3_000, () => '"'),
  backslashes: repeat(3_000, () => "\\"),
  lines: repeat(3_000, () => "\n"),
  html: repeat(600, () => "<b>&'</b>"),
  json: JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, name: hex() }))),
  spaces: repeat(5_000, () => " "),
};

/** Counts a token for each byte: no tokenizer that works on bytes counts more. */
const bytesIn = ({ prompt, tools, schema }: ModelCall) =>
  byteLength(prompt) + byteLength(JSON.stringify([tools, schema]));

test("forty tasks with twenty kinds of text: whatever is counted, the limit holds", async () => {
  let charged = 0;
  const script: Script = async (call, index) => {
    const usage = { input_tokens: bytesIn(call), output_tokens: call.max_output_tokens ?? 0 };
    // The default model of OpenAI: $2 and $10 for a million tokens.
    charged += usage.input_tokens * 2 + usage.output_tokens * 10;
    return { ...(await good(call, index)), usage };
  };
  const env = { ...alone, AGENT_MODELS: "*=openai", BUDGET_PROJECT_USD: "2" };
  await using backend = await startModels(script, env);
  const { id } = await backend.on.project();
  for (const text of [...Object.values(texts), ...Object.values(texts)]) {
    await backend.on.task(id, `Read this:\n${text}`.slice(0, 19_000));
  }
  await backend.work();
  const { usage, models } = await backend.look(id);
  // A call costs at most $0.32, whichever tasks come first.
  expect(models.length).toBeGreaterThan(4);
  expect(models.filter(({ estimated }) => estimated)).toEqual([]);
  expect(charged / 1e6).toBeLessThanOrEqual(2);
  expect(usage.total.cost_usd).toBeCloseTo(charged / 1e6, 4);
  expect(usage.total.reserved_usd).toBe(0);
});

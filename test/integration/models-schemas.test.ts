import { expect, test } from "vitest";
import { callModel } from "../../lib/agents/models/call-model.ts";
import { readReply, replyFormat } from "../../lib/agents/models/model-reply.ts";
import { contentSchemas } from "../../lib/agents/output-schemas.ts";
import { capabilitiesOf } from "../../lib/settings/capabilities.ts";
import { loadModels } from "../../lib/settings/config.ts";
import { startProviders } from "../providers/server.ts";
import { limits } from "../support/limits.ts";
import { good } from "../support/models-backend.ts";

test.each([
  "anthropic",
  "anthropic/claude-3-5-haiku-latest",
  "openai",
  "google",
  "google/gemini-2.5-flash",
  "bedrock",
  "bedrock/amazon.nova-lite-v1:0",
])(
  "%s takes the schema of every kind of content, and an answer that meets it is read",
  async (name) => {
    await using providers = await startProviders(good);
    const [provider, model] = name.split(/\/(.*)/);
    const found = loadModels({ ...providers.env }).providers.find((each) => each.name === provider);
    if (!found) throw new Error(`There is no provider ${name}.`);
    const ref = { provider: found, model: model ?? found.model };
    for (const [kind, schema] of Object.entries(contentSchemas)) {
      const format = replyFormat(schema);
      const reply = await callModel(
        {
          ref,
          takes: capabilitiesOf(ref),
          schemaField: true,
          system: "You are the coder.",
          messages: [{ role: "user", content: "Write." }],
          tools: {},
          format,
          maxOutputTokens: 1_000,
          reserved: { input: 1_000_000, output: 1_000 },
          temperature: undefined,
          signal: AbortSignal.timeout(limits.waitMs),
          silenceMs: limits.waitMs,
          onText: () => undefined,
        },
        { text: "", rest: "", tokens: null, stage: "unsent" },
      );
      expect({ kind, ...readReply(format, reply.text) }).toMatchObject({
        kind,
        reply: { confidence: 0.9 },
      });
    }
    expect(providers.refusals).toEqual([]);
  },
);

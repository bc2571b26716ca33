import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { callModel, type PartialReply, type RawReply } from "../../lib/agents/models/call-model.ts";
import { replyFormat } from "../../lib/agents/models/model-reply.ts";
import { capabilitiesOf } from "../../lib/settings/capabilities.ts";
import { encodeMessage } from "./event-stream.ts";
import type { Frame, Provider } from "./wire.ts";

/** An answer byte for byte, and what becomes of its connection. */
export type OddAnswer = {
  frames: readonly Frame[];
  type?: string;
  ending?: "close" | "stay" | "reset";
  /** Comes every 20 ms while the connection stays. */
  keepAlive?: string;
};

const types: Readonly<Record<Provider, string>> = {
  openai: "text/event-stream",
  "openai-chat": "text/event-stream",
  anthropic: "text/event-stream",
  google: "text/event-stream",
  bedrock: "application/vnd.amazon.eventstream",
};

const content = z.object({ title: z.string() });
const format = replyFormat(content);
const anAnswer = { content: { title: "A haiku" }, summary: "Done.", confidence: 0.8 };
export const answerText = JSON.stringify(anAnswer);

/** Events of Bedrock's binary stream, by their names. */
export const binary = (events: readonly (readonly [string, unknown])[]): Buffer[] =>
  events.map(([name, data]) =>
    encodeMessage(
      name.endsWith("Exception")
        ? { ":exception-type": name, ":message-type": "exception" }
        : { ":event-type": name, ":message-type": "event" },
      data,
    ),
  );

const send = (response: ServerResponse, { frames, ending = "close" }: OddAnswer) => {
  for (const frame of frames) response.write(frame);
  if (ending === "close") response.end();
  if (ending === "reset") response.write(" ", () => setImmediate(() => response.destroy()));
};

const serve = async (answer: OddAnswer, type: string) => {
  const timers: NodeJS.Timeout[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => {
      response.writeHead(200, { "content-type": type });
      send(response, answer);
      const { keepAlive } = answer;
      if (keepAlive) timers.push(setInterval(() => response.write(keepAlive), 20));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const timer of timers) clearInterval(timer);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: close,
  };
};

const models: Partial<Record<Provider, string>> = {
  anthropic: "claude-sonnet-4-5",
  google: "gemini-3-flash-preview",
  bedrock: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
};

export type OddOutcome = {
  reply: RawReply | null;
  error: Error | null;
  received: PartialReply;
};

/** Asks a wire's model once, and gives what was read of its answer. */
export const askOdd = async (
  api: Provider,
  answer: OddAnswer,
  fields: Partial<Parameters<typeof callModel>[0]> = {},
): Promise<OddOutcome> => {
  await using server = await serve(answer, answer.type ?? types[api]);
  const model = models[api] ?? "gpt-4.1-mini";
  const ref = {
    provider: { name: api, api, base_url: server.url, api_key: "key", region: "us-east-1", model },
    model,
  };
  const received: PartialReply = { text: "", rest: "", tokens: null, stage: "unsent" };
  const call = {
    ...{ ref, system: "You are.", messages: [{ role: "user" as const, content: "Write." }] },
    ...{ tools: {}, format, takes: capabilitiesOf(ref), schemaField: true },
    ...{ maxOutputTokens: 1_000, reserved: { input: 1_000_000, output: 1_000 } },
    ...{ temperature: undefined, signal: new AbortController().signal, silenceMs: 5_000 },
    ...{ onText: () => undefined, grace: { answeredMs: 60, overMs: 30 } },
    ...fields,
  };
  try {
    return { reply: await callModel(call, received), error: null, received };
  } catch (error) {
    return { reply: null, error: error as Error, received };
  }
};

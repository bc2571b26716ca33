import type { WireName } from "../wires.ts";
import { openAnthropicReader } from "./anthropic.ts";
import { openBedrockReader } from "./bedrock.ts";
import { openBinaryFraming } from "./event-stream.ts";
import { openGoogleReader } from "./google.ts";
import { openOpenaiReader } from "./openai.ts";
import { openChatReader } from "./openai-chat.ts";
import type { OpenReader, Overheard } from "./reader.ts";
import { type AnswerGrace, rewriteAnswer } from "./rewrite-answer.ts";
import { type Framing, openTextFraming } from "./sse.ts";

type WireReading = { openReader: OpenReader; openFraming: () => Framing };

const readings: Readonly<Record<WireName, WireReading>> = {
  openai: { openReader: openOpenaiReader, openFraming: openTextFraming },
  "openai-chat": { openReader: openChatReader, openFraming: openTextFraming },
  anthropic: { openReader: openAnthropicReader, openFraming: openTextFraming },
  google: { openReader: openGoogleReader, openFraming: openTextFraming },
  bedrock: { openReader: openBedrockReader, openFraming: openBinaryFraming },
};

/**
 * Makes a fetch whose answers the SDK's strict parser can read, whatever in them is odd and not needed for the answer. Refusals
 * pass as they are.
 */
export const lenientFetch =
  (
    api: WireName,
    fetch: typeof globalThis.fetch,
    { overheard, grace }: { overheard: Overheard; grace: AnswerGrace },
  ): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok || !response.body) return response;
    const { openReader, openFraming } = readings[api];
    const body = rewriteAnswer(response.body, {
      reader: openReader(overheard),
      framing: openFraming(),
      grace,
    });
    return new Response(body, response);
  };

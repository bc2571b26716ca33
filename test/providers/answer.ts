import type { Answer, Question, Reply, SentCall } from "./wire.ts";

/** `text` in `count` pieces that give it again, none of them empty. */
const piecesOf = (text: string, count: number): string[] => {
  const letters = [...text];
  const size = Math.max(1, Math.ceil(letters.length / count));
  const starts = Array.from({ length: Math.ceil(letters.length / size) }, (_, n) => n * size);
  return starts.map((start) => letters.slice(start, start + size).join(""));
};

const tokensOf = (text: string) => Math.max(1, Math.ceil(text.length / 4));

const isObject = (value: unknown) => typeof value === "object" && value !== null;

const inputOf = (json: string): unknown => {
  try {
    const input: unknown = JSON.parse(json);
    return isObject(input) ? input : {};
  } catch {
    return {};
  }
};

type Asked = Question & { prompt: string };

const looksLikeJson = (text: string) => /^\s*[[{]/.test(text);

/** The whole answer for a reply; what it leaves out is filled in as a provider would. */
export const answerOf = (reply: Reply, asked: Asked, index: number): Answer => {
  const count = reply.chunks ?? 3;
  const said = reply.json === undefined ? (reply.text ?? "") : JSON.stringify(reply.json);
  const carrier = looksLikeJson(said) ? asked.json_tool : null;
  const sent = (id: string, name: string, json: string): SentCall => ({
    id,
    name,
    input: inputOf(json),
    json,
    pieces: piecesOf(json, count),
  });
  const calls = (reply.tool_calls ?? []).map(({ name, input, id }, n) =>
    sent(id ?? `call_${index}_${n}`, name, JSON.stringify(input)),
  );
  const tool_calls = carrier ? [...calls, sent(`call_${index}_json`, carrier, said)] : calls;
  const text = carrier ? "" : said;
  return {
    id: `answer_${index}`,
    model: asked.model,
    text,
    pieces: piecesOf(text, count),
    tool_calls,
    usage: {
      input_tokens: tokensOf(asked.prompt),
      output_tokens: tokensOf(text + tool_calls.map(({ json }) => json).join("")),
      cached_input_tokens: 0,
      reasoning_tokens: 0,
      ...reply.usage,
    },
    finish: reply.finish ?? (tool_calls.length > 0 ? "tool_calls" : "stop"),
  };
};

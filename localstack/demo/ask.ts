import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** Asks a person; null when nobody answers any more, or the signal says that the question is over. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string | null>;

type Streams = { input: NodeJS.ReadStream; output: NodeJS.WriteStream; onInterrupt: () => void };

const askTerminal =
  ({ input, output, onInterrupt }: Streams): Ask =>
  async (question, signal) => {
    const prompt = createInterface({ input, output });
    prompt.on("SIGINT", onInterrupt);
    const closed = once(prompt, "close").then(() => null);
    try {
      return await Promise.race([prompt.question(question, { signal }), closed]);
    } catch {
      output.write("\n");
      return null;
    } finally {
      prompt.close();
    }
  };

/** Answers from a pipe: one line each. */
const askPipe = ({ input, output }: Streams): Ask => {
  let lines: AsyncIterator<string> | undefined;
  return async (question, signal) => {
    lines ??= createInterface({ input })[Symbol.asyncIterator]();
    output.write(question);
    const over = once(signal, "abort").then(() => ({ done: true, value: "" }));
    const { done, value } = await Promise.race([lines.next(), over]);
    output.write(done ? "\n" : `${value}\n`);
    return done ? null : value;
  };
};

export const openAsk = (streams: Streams): Ask =>
  streams.input.isTTY ? askTerminal(streams) : askPipe(streams);

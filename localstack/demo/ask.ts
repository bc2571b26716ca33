import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** Asks a person. Gives null when the input has ended, or when the signal fires because the question is answered elsewhere. */
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

/** Reads answers from a pipe, one on each line. */
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

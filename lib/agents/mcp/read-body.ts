import { failureOfNetwork, McpFailure } from "./mcp-failure.ts";

/** Bytes of one answer. More would not fit a worker's memory together with the rest. */
const maxBytes = 16_000_000;

const tooLarge = () => new McpFailure("too_large");

/**
 * Gives the text of a response's body, piece by piece. Leaving the loop ends the response.
 *
 * @throws McpFailure `too_large` above 16 MB, `timeout` when the response's signal fires, otherwise the network's failure
 */
export async function* piecesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (!body) return;
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      yield decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw error instanceof McpFailure ? error : failureOfNetwork(error);
  }
}

/** Reads a response's body as text. @throws what piecesOf throws */
export const textOfBody = async (body: ReadableStream<Uint8Array> | null): Promise<string> => {
  const pieces: string[] = [];
  for await (const piece of piecesOf(body)) pieces.push(piece);
  return pieces.join("");
};

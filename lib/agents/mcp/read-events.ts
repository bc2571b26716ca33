/** One event of an event stream. */
export type ServerEvent = { data: string; id: string | null; retryMs: number | null };

const fieldOf = (line: string): [name: string, value: string] => {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
};

const eventOf = (lines: readonly string[]): ServerEvent | null => {
  const fields = lines.map(fieldOf);
  const last = (name: string) => fields.findLast(([key]) => key === name)?.[1];
  const data = fields.flatMap(([key, value]) => (key === "data" ? [value] : []));
  const [id, retry] = [last("id"), last("retry")];
  if (data.length === 0 && id === undefined && retry === undefined) return null;
  const retryMs = retry !== undefined && /^\d+$/.test(retry) ? Number(retry) : null;
  return { data: data.join("\n"), id: id ?? null, retryMs };
};

/** Splits what has come into whole lines and the rest. A `\r` at the end may be half of a line break. */
const lineBreak = /[\r\n]/;
const splitLines = (text: string): string[] => text.split(/\r\n|\n|\r(?!$)/);

/** Gives the lines of a text that comes in pieces. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest: string[] = [];
  for await (const piece of pieces) {
    rest.push(piece);
    if (!lineBreak.test(piece)) continue;
    const found = splitLines(rest.join(""));
    rest = [found.pop() ?? ""];
    yield* found;
  }
  yield* splitLines(rest.join("").replace(/\r$/, ""));
}

/**
 * Reads an event stream, also one whose last event has no empty line after it.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* eventsOf(pieces: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let lines: string[] = [];
  for await (const line of linesOf(pieces)) {
    if (line !== "") {
      lines.push(line);
      continue;
    }
    const event = eventOf(lines);
    lines = [];
    if (event) yield event;
  }
  const last = eventOf(lines);
  if (last) yield last;
}

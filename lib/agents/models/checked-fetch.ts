import { byteLength, isObject } from "../../domain/json.ts";
import { OverReservation } from "./over-reservation.ts";
import type { TokenBounds } from "./reported-usage.ts";

/** How far a call came: `sent` from the moment on at which the provider may charge for it, `refused` when it did not take the call. */
export type CallStage = "unsent" | "sent" | "refused";

/** Counts the bytes of all texts in a value, names of fields among them. */
const textBytes = (value: unknown): number => {
  if (typeof value === "string") return byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + textBytes(each), 0);
  if (!isObject(value)) return value === null || value === undefined ? 0 : String(value).length;
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + byteLength(name) + textBytes(each),
    0,
  );
};

/** The fields that limit the output, by wire: of the request, or of one object in it. */
const limitNames = [
  "max_tokens",
  "max_completion_tokens",
  "max_output_tokens",
  "maxTokens",
  "maxOutputTokens",
];
const limitParents = ["generationConfig", "inferenceConfig"];

/** Gives the most output tokens that a request allows; infinite when it sets no limit. */
const outputLimit = (body: unknown): number => {
  if (!isObject(body)) return Number.POSITIVE_INFINITY;
  const places = [body, ...limitParents.map((name) => body[name])].filter(isObject);
  const limits = places
    .flatMap((place) => limitNames.map((name) => place[name]))
    .filter((limit) => typeof limit === "number");
  return limits.length > 0 ? Math.max(...limits) : Number.POSITIVE_INFINITY;
};

const parsed = (body: unknown): unknown => {
  try {
    return typeof body === "string" ? JSON.parse(body) : null;
  } catch {
    return null;
  }
};

/** The media type of a page for people: a proxy or a wrong address answered. */
const isPage = ({ headers }: Response): boolean =>
  /^text\/html\b/i.test(headers.get("content-type") ?? "");

/**
 * Makes a fetch that sends a request of a model only when its money is reserved: it has no more text, and allows no more output, than
 * `bounds`.
 *
 * @param onStage is called when the request goes out, and when it is refused
 * @throws OverReservation, from the fetch
 */
export const checkedFetch =
  (
    fetch: typeof globalThis.fetch,
    bounds: TokenBounds,
    onStage: (stage: CallStage) => void,
  ): typeof globalThis.fetch =>
  async (input, init) => {
    const body = parsed(init?.body);
    const needed = { input: textBytes(body), output: outputLimit(body) };
    const isOver = needed.input > bounds.input || needed.output > bounds.output;
    if (/* guard: a request that needs more than was reserved is not sent */ isOver)
      throw new OverReservation(needed);
    onStage("sent");
    const response = await fetch(input, init);
    if (!response.ok || isPage(response)) onStage("refused");
    return response;
  };

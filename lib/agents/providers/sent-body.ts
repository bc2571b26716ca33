/** The body of a request, as its wire wants it. */
export type Body = Readonly<Record<string, unknown>>;

/** What a request may have, for what the SDK has no option or chooses by the model's name. */
type SentFields = {
  output_limit: "own" | "max_tokens" | "max_completion_tokens";
  store: boolean;
  stream_options: boolean;
  include: boolean;
  reasoning_effort: boolean;
  parallel_tools: boolean;
  /** The most tokens that the answer may have: money is reserved for so many. */
  maxOutputTokens: number;
};

/** Changes the body that the SDK has made. */
export type RewriteBody = (body: Body, sent: SentFields) => Body;

/** Leaves fields out. */
export const without = (body: Body, names: readonly (string | false)[]): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

const rewritten = (text: string, rewrite: (body: Body) => Body): string => {
  const body: unknown = JSON.parse(text);
  const isBody = typeof body === "object" && body !== null && !Array.isArray(body);
  return isBody ? JSON.stringify(rewrite(body as Body)) : text;
};

/** Makes a fetch that changes the JSON body of each request before it is sent. */
export const rewritingFetch =
  (fetch: typeof globalThis.fetch, rewrite: (body: Body) => Body): typeof globalThis.fetch =>
  (input, init) =>
    typeof init?.body === "string"
      ? fetch(input, { ...init, body: rewritten(init.body, rewrite) })
      : fetch(input, init);

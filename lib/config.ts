import * as z from "zod";

const seconds = (fallback: number) => z.coerce.number().min(0).max(86_400).default(fallback);

const Env = z
  .object({
    STAGE: z.string().default("dev"),
    TABLE_NAME: z.string().min(1),
    CONNECTIONS_TABLE_NAME: z.string().min(1),
    TASK_QUEUE_URL: z.string().min(1),
    TASK_DLQ_URL: z.string().min(1),
    FANOUT_QUEUE_URL: z.string().min(1),
    WEBSOCKET_ENDPOINT: z.url(),
    AUTH_MODE: z.enum(["none"]).default("none"),
    ALLOW_UNAUTHENTICATED: z.enum(["true", "false"]).default("false"),
    LEASE_SECONDS: seconds(90).refine((value) => value > 0, "Must be more than 0"),
    RETRY_BASE_SECONDS: seconds(1),
    TASK_TIMEOUT_SECONDS: seconds(300).refine((value) => value > 0, "Must be more than 0"),
  })
  .refine(
    ({ AUTH_MODE, ALLOW_UNAUTHENTICATED }) =>
      AUTH_MODE !== "none" || ALLOW_UNAUTHENTICATED === "true",
    {
      path: ["AUTH_MODE"],
      message:
        "AUTH_MODE=none lets everybody in. Outside the local stack, set ALLOW_UNAUTHENTICATED=true if that is what you want.",
    },
  );

export type Config = z.output<typeof Env>;

/** The environment, read and checked once at cold start: what is wrong stops the first call. */
export const loadConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const parsed = Env.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment is not valid.\n${z.prettifyError(parsed.error)}`);
};

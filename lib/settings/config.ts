import * as z from "zod";
import { ModelSettings, modelVariables } from "./model-settings.ts";
import type { Models } from "./providers.ts";

const seconds = (fallback: number) => z.coerce.number().min(0).max(86_400).default(fallback);

/** How callers are known. */
const AuthMode = z.enum(["none"]).default("none");

const Env = z
  .object({
    TABLE_NAME: z.string().min(1),
    CONNECTIONS_TABLE_NAME: z.string().min(1),
    TASK_QUEUE_URL: z.string().min(1),
    TASK_DLQ_URL: z.string().min(1),
    FANOUT_QUEUE_URL: z.string().min(1),
    WEBSOCKET_ENDPOINT: z.url(),
    AUTH_MODE: AuthMode,
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

type Environment = Record<string, string | undefined>;

const load = <T>(schema: z.ZodType<T>, env: Environment): T => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment is not valid.\n${z.prettifyError(parsed.error)}`);
};

/** The environment, read and checked once at cold start: what is wrong stops the first call. */
export const loadConfig = (env: Environment = process.env): Config => load(Env, env);

/**
 * AUTH_MODE alone, for a function that has callers of no kind and only tells how the others know theirs.
 *
 * @throws when it is none of the modes
 */
export const loadAuthMode = (env: Environment = process.env): Config["AUTH_MODE"] =>
  load(z.object({ AUTH_MODE: AuthMode }), env).AUTH_MODE;

/** serverless.yml hands on what is not set as an empty text. */
const withoutEmpty = (env: Environment): Environment =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );

/** The SDK of the models reads some of these variables itself, and takes an empty text for a value. */
export const forgetEmpty = (env: Environment = process.env): void => {
  for (const name of modelVariables) if (env[name]?.trim() === "") delete env[name];
};

/**
 * The model providers and who uses which: for the functions that ask models, or tell how these are.
 *
 * @throws naming the variable that is wrong, never with its keys
 */
export const loadModels = (env: Environment = process.env): Models =>
  load(ModelSettings, withoutEmpty(env));

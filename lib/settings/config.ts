import * as z from "zod";
import { ModelSettings, modelVariables } from "./model-settings.ts";
import { type Models, silentlyOffline } from "./providers.ts";

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

/** Deletes empty variables of models from the process: the AI SDK reads some itself, and takes an empty text for a value. */
export const deleteEmptyVariables = (env: Environment = process.env): void => {
  for (const name of modelVariables) if (env[name]?.trim() === "") delete env[name];
};

/**
 * The model providers and who uses which: for the functions that ask models, or tell how these are.
 *
 * @throws naming the variable that is wrong, never with its keys
 */
export const loadModels = (env: Environment = process.env): Models =>
  load(ModelSettings, withoutEmpty(env));

/** `LOCAL_STACK` is set by the local stack for its functions (localstack/gateway/local-stack.ts), never by a deployment. */
const isLocalStack = ({ LOCAL_STACK }: Environment): boolean => LOCAL_STACK === "true";

/**
 * For the worker: a forgotten key would give a complete, plausible project that no model has seen. Outside the local stack
 * the offline agents work only where a setting or a definition names them.
 *
 * @param preferences the models that each agent's definition prefers
 * @throws when agents would work offline although nobody said so
 */
export const refuseSilentOffline = (
  models: Models,
  preferences: Readonly<Record<string, readonly string[]>>,
  env: Environment = process.env,
): void => {
  const silent = isLocalStack(env) ? [] : silentlyOffline(models, preferences);
  if (silent.length === 0) return;
  throw new Error(
    `The environment is not valid.\nNo model provider is configured, so that the offline agents would do the work of ${silent.join(", ")}. Set the key of a provider, such as ANTHROPIC_API_KEY. Outside the local stack, set AGENT_MODELS=*=offline if the offline agents are what you want.`,
  );
};

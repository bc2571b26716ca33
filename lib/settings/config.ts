import * as z from "zod";
import { ModelSettings, modelVariables } from "./model-settings.ts";
import { type Models, silentlyOffline } from "./providers.ts";

/** Seconds, at most a day. */
const seconds = (fallback: number) => z.coerce.number().min(0).max(86_400).default(fallback);

/** How the API learns who calls. */
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
        "AUTH_MODE=none accepts every caller. If you want that outside the local stack, set ALLOW_UNAUTHENTICATED=true.",
    },
  );

export type Config = z.output<typeof Env>;

type Environment = Record<string, string | undefined>;

const load = <T>(schema: z.ZodType<T>, env: Environment): T => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment is not valid.\n${z.prettifyError(parsed.error)}`);
};

/**
 * Reads and checks the environment. A function calls it once, at its cold start.
 *
 * @throws Error naming each variable that is missing or wrong
 */
export const loadConfig = (env: Environment = process.env): Config => load(Env, env);

/**
 * Reads AUTH_MODE alone, for the function that only documents how callers authenticate.
 *
 * @throws Error when it is not one of the modes
 */
export const loadAuthMode = (env: Environment = process.env): Config["AUTH_MODE"] =>
  load(z.object({ AUTH_MODE: AuthMode }), env).AUTH_MODE;

/** Removes empty variables: serverless.yml passes a variable that is not set as an empty text. */
const withoutEmpty = (env: Environment): Environment =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );

/** Deletes empty variables about models from the process: the AI SDK reads some itself, and uses an empty text as a value. */
export const deleteEmptyVariables = (env: Environment = process.env): void => {
  for (const name of modelVariables) if (env[name]?.trim() === "") delete env[name];
};

/**
 * Reads the settings about models, for the functions that ask models or report their state.
 *
 * @throws Error naming each variable that is wrong; it never quotes a key
 */
export const loadModels = (env: Environment = process.env): Models =>
  load(ModelSettings, withoutEmpty(env));

/** Whether the function runs in the local stack, which sets LOCAL_STACK (localstack/gateway/local-stack.ts). */
export const isLocalStack = ({ LOCAL_STACK }: Environment = process.env): boolean =>
  LOCAL_STACK === "true";

/**
 * Refuses to let agents work offline outside the local stack, unless a setting or the agent's file says `offline`. Without it, a
 * forgotten key would give a complete and plausible project that no model has worked on.
 *
 * @param preferences the models that each agent's file prefers
 * @throws Error naming the agents that would work offline
 */
export const refuseSilentOffline = (
  models: Models,
  preferences: Readonly<Record<string, readonly string[]>>,
  env: Environment = process.env,
): void => {
  const silent = isLocalStack(env) ? [] : silentlyOffline(models, preferences);
  if (silent.length === 0) return;
  throw new Error(
    `The environment is not valid.\nNo model provider is configured: the offline agents would do the work of ${silent.join(", ")}. Set the key of a provider, such as ANTHROPIC_API_KEY. If you want the offline agents outside the local stack, set AGENT_MODELS=*=offline.`,
  );
};

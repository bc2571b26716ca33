type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_REGION = "eu-west-1";

/** Environment variable and default of each port. */
export const ports = {
  http: { variable: "HTTP_PORT", standard: 3000 },
  ws: { variable: "WS_PORT", standard: 3001 },
  lambda: { variable: "LAMBDA_PORT", standard: 3002 },
  dynamodb: { variable: "DYNAMODB_PORT", standard: 8000 },
  sqs: { variable: "SQS_PORT", standard: 9324 },
} as const;

export type PortName = keyof typeof ports;

const readNumber = (env: Environment, variable: string, standard: number) => {
  const text = env[variable] || String(standard);
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new Error(`${variable} is not a number: ${text}`);
};

const readPort = (env: Environment, { variable, standard }: (typeof ports)[PortName]): number => {
  const port = readNumber(env, variable, standard);
  if (Number.isInteger(port) && port <= 65_535) return port;
  throw new Error(`${variable} is not a port: ${port}`);
};

const readPorts = (env: Environment): Record<PortName, number> => {
  const port = (name: PortName) => readPort(env, ports[name]);
  return {
    http: port("http"),
    ws: port("ws"),
    lambda: port("lambda"),
    dynamodb: port("dynamodb"),
    sqs: port("sqs"),
  };
};

/**
 * Reads the settings of `npm run dev` and the other commands from the environment.
 *
 * @throws Error naming a variable that is not a number or not a port
 */
export const readSettings = (env: Environment = process.env) => ({
  region: env.AWS_REGION || DEFAULT_REGION,
  ports: readPorts(env),
  /** When one of these is set, the command starts no emulator of that service. */
  dynamodbEndpoint: env.AWS_ENDPOINT_URL_DYNAMODB || undefined,
  sqsEndpoint: env.AWS_ENDPOINT_URL_SQS || undefined,
  /** The folder of the embedded database; without it the data are in memory. */
  dataDir: env.DATA_DIR || undefined,
  sweepSeconds: readNumber(env, "SWEEP_SECONDS", 60),
  /** Set by the supervisor for serverless-offline, which ends when that process ends. */
  supervisorPid: env.SUPERVISOR_PID ? Number(env.SUPERVISOR_PID) : undefined,
});

export type Settings = ReturnType<typeof readSettings>;

/** Variables about models that begin with AWS_. */
const forModels = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"];

/**
 * Makes the environment of serverless-offline out of the shell's. serverless-offline passes every AWS_* variable on to the
 * functions: the shell's real keys are left out, except those for models only.
 */
export const childEnvironment = (
  endpoints: { region: string; dynamodbEndpoint: string; sqsEndpoint: string },
  env: Environment = process.env,
): Record<string, string | undefined> => ({
  ...Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith("AWS_") || forModels.includes(name)),
  ),
  AWS_REGION: endpoints.region,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodbEndpoint,
  AWS_ENDPOINT_URL_SQS: endpoints.sqsEndpoint,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_EC2_METADATA_DISABLED: "true",
  ALLOW_UNAUTHENTICATED: env.ALLOW_UNAUTHENTICATED || "true",
  LOG_LEVEL: env.LOG_LEVEL || "WARN",
  SLS_LOG_LEVEL: env.SLS_LOG_LEVEL || "warning",
});

/** The shell's environment, for a child process. */
export const shell = (): Environment => process.env;

/** Reads the settings of `npm run test:dynamodb-local` from the environment. */
export const readDynamoDBLocal = (env: Environment = process.env) => ({
  directory: env.DYNAMODB_LOCAL_PATH || undefined,
  path: env.PATH ?? "",
  environment: env,
});

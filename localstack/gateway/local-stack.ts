import { modelVariables } from "../../lib/settings/model-settings.ts";
import { dynamodbClient, sqsClient } from "../emulators/clients.ts";
import type { Json, Resolve, Resources } from "../emulators/cloudformation.ts";
import { provision } from "../emulators/provision.ts";
import { readSettings } from "../settings.ts";
import { exitWithParent } from "../supervisor/parent.ts";
import { invokeFunction } from "./invoke.ts";
import { startPoller } from "./poller.ts";
import { startSchedule } from "./schedule.ts";

type Environment = Record<string, Json>;
type SqsEvent = {
  arn: Json;
  batchSize?: number;
  maximumConcurrency?: number;
  functionResponseType?: string;
  enabled?: boolean;
};
type FunctionEvent = { sqs?: SqsEvent; schedule?: unknown };
type FunctionDefinition = { name: string; environment?: Environment; events: FunctionEvent[] };

/** The parts of the framework's object that are used here. */
type Serverless = {
  service: {
    provider: { region: string; environment?: Environment };
    resources?: { Resources?: Resources };
    functions: Record<string, FunctionDefinition>;
  };
};

const log = (message: string) => void process.stderr.write(`${message}\n`);

const readTarget = ({ service }: Serverless) => {
  const { dynamodbEndpoint, sqsEndpoint, ...settings } = readSettings();
  if (dynamodbEndpoint === undefined || sqsEndpoint === undefined)
    throw new Error(
      "AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL_SQS is missing: use npm run dev",
    );
  return { ...settings, dynamodbEndpoint, sqsEndpoint, region: service.provider.region };
};
type Target = ReturnType<typeof readTarget>;

const createResources = async ({ service }: Serverless, target: Target) => {
  const { region, sqsEndpoint } = target;
  const dynamodb = dynamodbClient({ region, endpoint: target.dynamodbEndpoint });
  const sqs = sqsClient({ region, endpoint: sqsEndpoint });
  const resources = service.resources?.Resources ?? {};
  const resolve = await provision(resources, { dynamodb, sqs, region, sqsEndpoint });
  dynamodb.destroy();
  sqs.destroy();
  return resolve;
};

/** Variables of the functions that differ from those on AWS. */
const localEnvironment = (target: Target): Environment => ({
  AWS_ENDPOINT_URL_DYNAMODB: target.dynamodbEndpoint,
  AWS_ENDPOINT_URL_SQS: target.sqsEndpoint,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  WEBSOCKET_ENDPOINT: `http://127.0.0.1:${target.ports.ws}`,
  POWERTOOLS_METRICS_DISABLED: "true",
  LOCAL_STACK: "true",
});

/**
 * Whether a variable about models is not set. serverless-offline writes its functions' variables into the process anew before each
 * call, and the AI SDK takes an empty address that it finds there for one.
 */
const isUnset = (name: string, value: Json): boolean =>
  modelVariables.some((each) => each === name) && value === "";

const resolveEnvironments = ({ service }: Serverless, target: Target, resolve: Resolve) => {
  const local = localEnvironment(target);
  const resolveAll = (environment: Environment = {}) =>
    Object.fromEntries(
      Object.entries(environment)
        .map(([name, value]) => [name, local[name] ?? resolve(value)] as const)
        .filter(([name, value]) => !isUnset(name, value)),
    );
  service.provider.environment = { ...resolveAll(service.provider.environment), ...local };
  for (const definition of Object.values(service.functions))
    definition.environment = resolveAll(definition.environment);
};

const startEventSources = (functions: FunctionDefinition[], target: Target, resolve: Resolve) => {
  const { region, sqsEndpoint, ports } = target;
  const sqs = sqsClient({ region, endpoint: sqsEndpoint });
  const start = (name: string, { arn, functionResponseType, ...event }: SqsEvent) => {
    const queueArn = String(resolve(arn));
    const [account, queue] = queueArn.split(":").slice(-2);
    return startPoller({
      sqs,
      region,
      queueArn,
      queueUrl: `${sqsEndpoint}/${account}/${queue}`,
      ...event,
      partialResponses: functionResponseType === "ReportBatchItemFailures",
      invoke: (records) => invokeFunction(`http://127.0.0.1:${ports.lambda}`, name, records),
      log,
    });
  };
  return functions.flatMap(({ name, events }) =>
    events.flatMap(({ sqs: event }) =>
      event && event.enabled !== false ? [start(name, event)] : [],
    ),
  );
};

/** Removes the schedules from the functions, so that serverless-offline does not run them as well. */
const takeSchedules = (functions: FunctionDefinition[]) => {
  const scheduled = functions.filter(({ events }) => events.some((event) => event.schedule));
  for (const definition of scheduled)
    definition.events = definition.events.filter((event) => !event.schedule);
  return scheduled;
};

const startSchedules = (functions: FunctionDefinition[], target: Target) =>
  functions.map(({ name }) =>
    startSchedule({
      everySeconds: target.sweepSeconds,
      region: target.region,
      invoke: (event) => invokeFunction(`http://127.0.0.1:${target.ports.lambda}`, name, event),
      log,
    }),
  );

/**
 * Makes serverless-offline a whole stack. It creates the queues and tables of `resources`, resolves references in the
 * environment, polls the queues and runs the schedules. It does nothing for other commands than `serverless offline`.
 */
// biome-ignore lint/style/noDefaultExport: serverless loads the default export
export default class LocalStack {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless) {
    const running: { stop: () => void | Promise<void> }[] = [];
    const functions = () => Object.values(serverless.service.functions);
    let begin = () => {};

    const prepare = async () => {
      const target = readTarget(serverless);
      exitWithParent(() => process.exit(1), target.supervisorPid);
      const resolve = await createResources(serverless, target);
      resolveEnvironments(serverless, target, resolve);
      const scheduled = takeSchedules(functions());
      begin = () => {
        running.push(...startEventSources(functions(), target, resolve));
        running.push(...startSchedules(scheduled, target));
      };
    };

    this.hooks = {
      "before:offline:start:init": prepare,
      "after:offline:start:init": async () => begin(),
      "before:offline:start:end": async () => {
        await Promise.all(running.map((source) => source.stop()));
      },
    };
  }
}

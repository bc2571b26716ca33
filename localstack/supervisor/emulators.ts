import { startDynamoDB } from "../emulators/dynamodb/start-dynamodb.ts";
import { startSqs } from "../emulators/sqs.ts";
import type { PortName, Settings } from "../settings.ts";
import { requireFreePorts } from "./free-ports.ts";

/** The emulators that no endpoint was given for. */
const needed = ({ dynamodbEndpoint, sqsEndpoint }: Settings): PortName[] => [
  ...(dynamodbEndpoint === undefined ? (["dynamodb"] as const) : []),
  ...(sqsEndpoint === undefined ? (["sqs"] as const) : []),
];

/**
 * Starts what no endpoint was given for.
 *
 * @throws when a port is taken or the data directory is in use
 */
export const startNeededEmulators = async (settings: Settings) => {
  const { region, ports, dataDir } = settings;
  await requireFreePorts(settings, needed(settings));
  const path = dataDir === undefined ? {} : { path: dataDir };
  const dynamodb = settings.dynamodbEndpoint
    ? undefined
    : await startDynamoDB({ port: ports.dynamodb, ...path });
  const sqs = settings.sqsEndpoint ? undefined : await startSqs({ port: ports.sqs, region });
  return {
    dynamodbEndpoint: settings.dynamodbEndpoint ?? dynamodb?.endpoint ?? "",
    sqsEndpoint: settings.sqsEndpoint ?? sqs?.endpoint ?? "",
    [Symbol.asyncDispose]: async () => {
      await sqs?.[Symbol.asyncDispose]();
      await dynamodb?.[Symbol.asyncDispose]();
    },
  };
};

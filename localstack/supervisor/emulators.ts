import { startDynamoDB } from "../emulators/dynamodb/start-dynamodb.ts";
import { startSqs } from "../emulators/sqs.ts";
import type { PortName, Settings } from "../settings.ts";
import { requireFreePorts } from "./free-ports.ts";

/** Lists the emulators whose endpoint is not set. */
const needed = ({ dynamodbEndpoint, sqsEndpoint }: Settings): PortName[] => [
  ...(dynamodbEndpoint === undefined ? (["dynamodb"] as const) : []),
  ...(sqsEndpoint === undefined ? (["sqs"] as const) : []),
];

/**
 * Starts the emulators whose endpoint is not set.
 *
 * @throws Error when a port is taken, or another process uses the data directory
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

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TimeToLiveSpecification,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import {
  createResolver,
  isObject,
  type Json,
  physicalName,
  type Resources,
} from "./cloudformation.ts";

type Clients = { dynamodb: DynamoDBClient; sqs: SQSClient };
type NamedResource = { id: string; properties: { [key: string]: Json } };

const isCalled = (error: unknown, name: RegExp) => error instanceof Error && name.test(error.name);

/** Writes every attribute as a string, as SQS requires. */
const asAttributes = (properties: { [key: string]: Json }) =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      isObject(value) ? JSON.stringify(value) : String(value),
    ]),
  );

const createQueue = async (sqs: SQSClient, { id, properties }: NamedResource) => {
  const { QueueName: name, Tags: _tags, ...rest } = properties;
  const QueueName = physicalName(id, name);
  const Attributes = asAttributes(rest);
  try {
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  } catch (error) {
    // the queue exists with other attributes
    if (!isCalled(error, /QueueNameExists|QueueAlreadyExists/)) throw error;
    const { FifoQueue: _fixed, ...changeable } = Attributes;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: changeable }));
  }
};

/** Removes properties that CreateTable does not take, or that have no use here. */
const withoutSettings = ({
  TimeToLiveSpecification: _ttl,
  PointInTimeRecoverySpecification: _recovery,
  ContributorInsightsSpecification: _insights,
  KinesisStreamSpecification: _kinesis,
  SSESpecification: _encryption,
  DeletionProtectionEnabled: _protection,
  Tags: _tags,
  ...table
}: NamedResource["properties"]) => table;

const isTimeToLive = (value: unknown): value is TimeToLiveSpecification =>
  typeof value === "object" && value !== null && "AttributeName" in value && "Enabled" in value;

const setTimeToLive = async (dynamodb: DynamoDBClient, TableName: string, setting: Json) => {
  if (!isTimeToLive(setting)) return;
  try {
    await dynamodb.send(
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: setting }),
    );
  } catch (error) {
    const isSet = error instanceof Error && error.message.includes("already");
    if (!isSet) throw error;
  }
};

const createTable = async (dynamodb: DynamoDBClient, { id, properties }: NamedResource) => {
  const TableName = physicalName(id, properties.TableName);
  const input = { ...withoutSettings(properties), TableName } as CreateTableCommandInput;
  try {
    await dynamodb.send(new CreateTableCommand(input));
  } catch (error) {
    if (!isCalled(error, /^ResourceInUseException$/)) throw error;
  }
  await waitUntilTableExists(
    { client: dynamodb, maxWaitTime: 60, minDelay: 1, maxDelay: 2 },
    { TableName },
  );
  await setTimeToLive(dynamodb, TableName, properties.TimeToLiveSpecification);
};

const isDeadLetterSource = ({ properties }: NamedResource) =>
  properties.RedrivePolicy !== undefined;

/**
 * Creates the queues and tables of a template's `Resources`, and ignores all other types. One that exists already stays, with
 * its data.
 *
 * @returns the function that resolves references to them
 * @throws Error when a reference cannot be resolved, or an emulator does not answer
 */
export const provision = async (
  resources: Resources,
  { dynamodb, sqs, ...place }: Clients & { region: string; sqsEndpoint: string },
) => {
  const resolve = createResolver(resources, place);
  const ofType = (type: string): NamedResource[] =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => {
        const properties = resolve(Properties ?? {});
        return { id, properties: isObject(properties) ? properties : {} };
      });
  const queues = ofType("AWS::SQS::Queue");
  // a dead-letter queue must exist before the queue that names it
  for (const queue of queues.filter((q) => !isDeadLetterSource(q))) await createQueue(sqs, queue);
  for (const queue of queues.filter(isDeadLetterSource)) await createQueue(sqs, queue);
  for (const table of ofType("AWS::DynamoDB::Table")) await createTable(dynamodb, table);
  return resolve;
};

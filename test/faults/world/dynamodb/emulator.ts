import { isAwsError } from "../../../../localstack/emulators/dynamodb/aws-error.ts";
import { openStore } from "../../../../localstack/emulators/dynamodb/open-store.ts";
import { createOperations } from "../../../../localstack/emulators/dynamodb/operations.ts";
import { readServerlessYml } from "../../../../localstack/emulators/serverless-yml.ts";
import { Refusal } from "./expressions.ts";
import type { AttributeMap } from "./wire.ts";

const asRefusal = (error: unknown): unknown => {
  if (!isAwsError(error)) return error;
  const { __type, message = "", ...fields } = error.body;
  return new Refusal(__type.split("#")[1] ?? __type, message, fields);
};

const schemaOf = (id: string): object => {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } =
    readServerlessYml().resources.Resources[id]?.Properties ?? {};
  return { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode };
};

/**
 * The embedded emulator behind the same door as the model, without a wire between.
 *
 * @param names of the tables, by their ids in serverless.yml
 */
export const openEmulator = async (names: Record<string, string>) => {
  const store = await openStore();
  const operations = createOperations(store);
  const perform = async (operation: string, request: unknown): Promise<unknown> => {
    const run = operations.get(operation);
    if (!run) throw new Refusal("UnknownOperationException", operation);
    return run(request as never).catch((error: unknown) => {
      throw asRefusal(error);
    });
  };
  for (const [id, TableName] of Object.entries(names))
    await perform("CreateTable", { TableName, ...schemaOf(id) });
  const all = async (TableName: string): Promise<AttributeMap[]> => {
    const { Items } = (await perform("Scan", { TableName })) as { Items: AttributeMap[] };
    return Items;
  };
  return { perform, all, [Symbol.asyncDispose]: () => store.db.close() };
};

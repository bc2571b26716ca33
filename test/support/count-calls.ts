import type { Clients } from "../../functions/wiring/clients.ts";

type Spent = { calls: string[]; write: number; read: number };
type Capacity = { CapacityUnits?: number };
type Item = Record<string, unknown>;
type Input = { Item?: Item; TransactItems?: { Put?: { Item: Item } }[] };

const reads = /^(Get|BatchGet|Query|Scan|TransactGet)/;

/** A DynamoDB of another make is given by its endpoint; only the embedded one leaves indexes out of its units. */
const countsIndexes = Boolean(process.env.AWS_ENDPOINT_URL_DYNAMODB);

/** A change is taken to leave an item's old place in `by_due` and to enter a new one; a task's ledger does one of both. */
const unitsOfChange = (sk: string, due: number): number => {
  if (sk.startsWith("LEDGER#task:")) return 1;
  if (sk.startsWith("TASK#")) return 1 + due;
  return sk.startsWith("HITL#") && !due ? 2 : due;
};

/** Units of the index writes, which the embedded emulator leaves out: one for a new item and each index it is in. */
const indexUnits = (item: Item): number => {
  if (countsIndexes) return 0;
  const [due, listed] = [item.due ? 1 : 0, item.listed_in ? 1 : 0];
  const isNew = item.rev === undefined || item.rev === 1;
  return isNew ? due + listed : unitsOfChange(String(item.sk), due);
};

const itemsOf = ({ Item, TransactItems = [] }: Input): Item[] => [
  ...(Item ? [Item] : []),
  ...TransactItems.flatMap(({ Put }) => (Put ? [Put.Item] : [])),
];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Counts the calls of the AWS clients, and the units that they take. */
export const countCalls = ({ dynamodb, sqs }: Pick<Clients, "dynamodb" | "sqs">) => {
  let spent: Spent = { calls: [], write: 0, read: 0 };
  const record = (name: string, input: Input, capacity: readonly Capacity[]) => {
    const units = sum(capacity.map(({ CapacityUnits = 0 }) => CapacityUnits));
    spent.calls.push(name);
    if (reads.test(name)) spent.read += units;
    else spent.write += units + sum(itemsOf(input).map(indexUnits));
  };
  for (const client of [dynamodb, sqs]) {
    const more = client === dynamodb ? { ReturnConsumedCapacity: "TOTAL" } : {};
    (client as Clients["dynamodb"]).middlewareStack.add(
      (next, { commandName = "" }) =>
        async (request) => {
          const input = { ...request.input, ...more };
          const result = await next({ ...request, input } as never);
          const { ConsumedCapacity } = result.output as {
            ConsumedCapacity?: Capacity | Capacity[];
          };
          record(
            commandName.replace(/Command$/, ""),
            input as Input,
            [ConsumedCapacity ?? []].flat(),
          );
          return result;
        },
      { step: "initialize", priority: "high" },
    );
  }
  return {
    /** What was spent since the last time this was asked. */
    take: (): Spent => {
      const before = spent;
      spent = { calls: [], write: 0, read: 0 };
      return before;
    },
  };
};

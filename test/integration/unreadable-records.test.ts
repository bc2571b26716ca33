import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { pack, unpack } from "../../lib/adapters/dynamodb/pack.ts";
import { openRepair } from "../../lib/adapters/dynamodb/repair.ts";
import { ledgerIds } from "../../lib/domain/budget/ledger.ts";
import { repair } from "../../lib/services/operations/repair.ts";
import { readEvents } from "../../lib/services/projects/read-events.ts";
import { aCall } from "../support/backend.ts";
import { good, startModels } from "../support/models-backend.ts";

type Backend = Awaited<ReturnType<typeof startModels>>;
type Body = Record<string, unknown>;

const tenant = aCall().tenant;
const projectPk = (id: string) => `TENANT#${tenant}#PROJECT#${id}`;
const ledgersPk = `TENANT#${tenant}#LEDGERS`;

const startOpenai = () =>
  startModels(good, { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" }, { dynamodb: "emulator" });

/** Changes a stored record behind the backend's back. */
const damage = async (
  { tables }: Backend,
  [pk, sk]: readonly [string, string],
  to: (body: Body) => unknown,
) => {
  const table = { TableName: tables.tableName };
  const { Item = {} } = await tables.documentClient.send(
    new GetCommand({ ...table, Key: { pk, sk } }),
  );
  const body = pack(to(unpack(Item.body as string) as Body));
  await tables.documentClient.send(new PutCommand({ ...table, Item: { ...Item, body } }));
};

const overflown = (ledger: Body) => ({
  ...ledger,
  spend: { ...(ledger.spend as Body), output_tokens: 2 ** 64, cost: 1e20 },
});

const depsOf = ({ tables }: Backend) =>
  openRepair({ client: tables.documentClient, name: tables.tableName });

const today = () => ledgerIds.day(new Date().toISOString());

test.each([
  { name: "counts beyond what is exact", to: overflown },
  { name: "no number", to: (ledger: Body) => ({ ...ledger, reserved: null }) },
  { name: "another shape", to: () => ["?"] },
])("ledgers with $name: the rest goes on, and they are made anew from the log", async ({ to }) => {
  await using backend = await startOpenai();
  const { project_id, task, usage } = await backend.run();
  const other = await backend.run();
  await damage(
    backend,
    [projectPk(project_id), `LEDGER#${ledgerIds.task(String(task?.task_id))}`],
    to,
  );
  await damage(backend, [projectPk(project_id), "LEDGER#project"], to);
  expect(await backend.usageOf(project_id)).toMatchObject({ tasks: [], unreadable: ["project"] });
  expect(await backend.usageOf(other.project_id)).toEqual(other.usage);
  await backend.on.task(other.project_id, "Write another haiku.");
  await backend.work();
  expect((await backend.look(other.project_id)).task).toMatchObject({ status: "completed" });
  const looked = await repair(depsOf(backend), { dryRun: true });
  expect(looked.map(({ outcome }) => outcome)).toEqual(["left", "left"]);
  const repaired = await repair(depsOf(backend), { dryRun: false });
  expect(repaired.map(({ outcome }) => outcome)).toEqual(["rebuilt", "rebuilt"]);
  const again = await backend.usageOf(project_id);
  expect(again).toMatchObject({ ...usage, budgets: [usage.budgets[0], {}, {}] });
  await backend.on.task(project_id, "Write one more haiku.");
  await backend.work();
  expect((await backend.look(project_id)).task).toMatchObject({ status: "completed" });
  expect(await repair(depsOf(backend), { dryRun: false })).toEqual([]);
});

test("ledgers of the tenant are made anew from the logs of all its projects", async () => {
  await using backend = await startOpenai();
  const first = await backend.run();
  const second = await backend.run();
  const before = await backend.usageOf(second.project_id);
  await damage(backend, [ledgersPk, "LEDGER#tenant"], overflown);
  await damage(backend, [ledgersPk, `LEDGER#${today()}`], overflown);
  const { unreadable } = await backend.usageOf(first.project_id);
  expect(unreadable.toSorted()).toEqual([today(), "tenant"]);
  await repair(depsOf(backend), { dryRun: false });
  expect(await backend.usageOf(second.project_id)).toEqual(before);
});

const logOf = ({ deps }: Backend, project_id: string) =>
  readEvents(deps, aCall(), { project_id, after: 0, limit: 100 });

test.each([
  {
    name: "one that cannot be",
    to: (body: Body) => ({
      ...body,
      events: (body.events as { data: Body }[]).map((event) => ({
        ...event,
        data: { ...event.data, output_tokens: 2 ** 64, cost_usd: 1e14 },
      })),
    }),
  },
  { name: "another shape", to: () => 7 },
])("an event of $name: the log has no gap, and says where it was", async ({ to }) => {
  await using backend = await startOpenai();
  const { project_id, log } = await backend.run();
  const call = log.find(({ event_type }) => event_type === "model_call");
  const seq = call?.seq ?? 0;
  await damage(backend, [projectPk(project_id), `EVENT#${String(seq).padStart(12, "0")}`], to);
  const { events, head } = await logOf(backend, project_id);
  expect(events.map((event) => event.seq)).toEqual(log.map((event) => event.seq));
  expect(head).toBe(log.at(-1)?.seq);
  const lost = { event_type: "error", data: { code: "unreadable_event" } };
  expect(events.find((event) => event.seq === seq)).toMatchObject(lost);
  await damage(backend, [projectPk(project_id), "LEDGER#project"], overflown);
  const [, ledger] = await repair(depsOf(backend), { dryRun: false });
  expect(ledger).toMatchObject({ outcome: "rebuilt" });
  expect((await backend.usageOf(project_id)).unreadable).toEqual([]);
});

test("tasks, requests and projects that cannot be read are left out of lists", async () => {
  await using backend = await startOpenai();
  const one = await backend.run();
  const other = await backend.on.task(one.project_id, "Write another haiku.");
  await backend.work();
  const sk = `TASK#${one.task?.task_id}`;
  await damage(backend, [projectPk(one.project_id), sk], () => ({ name: "?" }));
  const page = { after: null, limit: 50 };
  const { items } = await backend.deps.listTasks({ tenant, project_id: one.project_id }, page);
  expect(items.map(({ task_id }) => task_id)).toEqual([other.task_id]);
});

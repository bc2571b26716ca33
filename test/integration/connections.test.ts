import { afterAll, expect, test } from "vitest";
import type { Subscription } from "../../lib/contracts/connection.ts";
import { startBackend } from "../support/backend.ts";

const backend = await startBackend();
const { deps } = backend;
afterAll(() => backend[Symbol.asyncDispose]());

const connection = (connection_id: string) => ({
  tenant: "local",
  connection_id,
  endpoint: backend.gateway.endpoint,
  user_id: "ann",
  connected_at: "2030-01-01T00:00:00.000Z",
  expires_at: "2099-01-01T02:00:00.000Z",
});

const watching = (connection_id: string, project_id: string): Subscription => ({
  ...connection(connection_id),
  project_id,
  event_types: null,
  replaying_until: null,
});

const watchers = async (project_id: string) =>
  (await deps.listSubscriptions({ tenant: "local", project_id })).map(
    ({ connection_id }) => connection_id,
  );

const projects = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

test("a socket watches a hundred projects, may ask for one of them again, and frees a place", async () => {
  await deps.saveConnection(connection("full="), projects(100));
  expect(await deps.subscribe(watching("full=", "p100"))).toBe(false);
  expect(await watchers("p100")).toEqual([]);
  expect(await deps.subscribe(watching("full=", "p7"))).toBe(true);
  expect(await watchers("p7")).toEqual(["full="]);
  await deps.unsubscribe({ ...connection("full="), project_id: "p7" });
  expect(await deps.subscribe(watching("full=", "p100"))).toBe(true);
});

test("a connection that ends takes everything it watched along", async () => {
  await deps.saveConnection(connection("gone="), []);
  await deps.subscribe(watching("gone=", "a"));
  await deps.subscribe(watching("gone=", "b"));
  await deps.dropConnection(connection("gone="));
  expect([await watchers("a"), await watchers("b")]).toEqual([[], []]);
});

test("a subscription that outlived its connection is dropped when its socket is gone", async () => {
  await deps.saveSubscription(watching("orphan=", "c"));
  await deps.dropConnection(watching("orphan=", "c"));
  expect(await watchers("c")).toEqual([]);
});

test("a subscription that is gone does not go live again", async () => {
  expect(await deps.goLive(watching("late=", "d"))).toBe(false);
  expect(await watchers("d")).toEqual([]);
});

import { expect, test } from "vitest";
import type { Connection, Subscription } from "../../../lib/contracts/connection.ts";
import { toProblem } from "../../../lib/domain/problem.ts";
import { receive, type SocketDeps } from "../../../lib/services/sockets/socket.ts";
import { callers } from "../../support/authenticator.ts";
import { anId, aProject, nowPlus } from "../../support/builders.ts";

const connection: Connection = {
  tenant: "local",
  connection_id: "socket-1",
  endpoint: "https://sockets",
  user_id: "ann",
  connected_at: nowPlus(-60),
  expires_at: nowPlus(60),
};
const nothing = async () => undefined;

/** A client that pings about a project whose head is 5. */
const ping = async (
  last: number,
  given: { projects: string[]; subscription: Subscription | null },
) => {
  const subscribed: Subscription[] = [];
  const deps: SocketDeps = {
    loadProject: async () => aProject({ head: 5 }),
    readLog: async () => ({ events: [], more: false }),
    goLive: async () => true,
    unsubscribe: nothing,
    post: async () => "sent",
    sleep: nothing,
    now: () => new Date(nowPlus(0)),
    saveConnection: nothing,
    saveSubscription: nothing,
    loadConnection: async () => ({ connection, projects: given.projects }),
    loadSubscription: async () => given.subscription,
    subscribe: async (subscription) => {
      subscribed.push(subscription);
      return true;
    },
    sendFanout: nothing,
    problemOf: toProblem,
  };
  await receive(deps, {
    authenticate: async () => callers.bob,
    socket: connection,
    read: () => ({ action: "ping", project_id: anId(1), last }),
    correlation_id: "r",
  });
  return subscribed;
};

const subscription: Subscription = {
  ...connection,
  project_id: anId(1),
  event_types: null,
  replaying_until: null,
};

test("a ping of a client that is behind mends a subscription that got lost", async () => {
  const [mended] = await ping(3, { projects: [anId(1)], subscription: null });
  expect(mended).toEqual(subscription);
});

test.each([
  { name: "that is up to date", last: 5, projects: [anId(1)], subscription: null },
  { name: "whose subscription is there", last: 3, projects: [anId(1)], subscription },
  { name: "that watches nothing", last: 3, projects: [], subscription: null },
])("a ping of a client $name subscribes to nothing", async ({ last, ...given }) => {
  expect(await ping(last, given)).toEqual([]);
});

import { expect, test } from "vitest";
import { FanoutMessage, TaskMessage } from "../../../lib/contracts/queue-messages.ts";
import { anId, now, nowPlus } from "../../support/builders.ts";

const place = { tenant: "local", project_id: anId(1), correlation_id: "call-1" };
const subscription = {
  tenant: "local",
  connection_id: "socket=",
  endpoint: "https://sockets",
  user_id: "ann",
  connected_at: now,
  expires_at: nowPlus(60),
  project_id: anId(1),
  event_types: null,
  replaying_until: null,
};
const frames = { kind: "frames", ...place, after: 41, to: 43, subscriptions: [subscription] };
const replay = { kind: "replay", subscription, after: null, correlation_id: "call-1" };
const task = { kind: "task", ...place, task_id: anId(10) };

test.each([
  { schema: TaskMessage, message: task },
  { schema: FanoutMessage, message: frames },
  { schema: FanoutMessage, message: replay },
])("a message is read as it was sent: $message.kind", ({ schema, message }) => {
  expect(schema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
});

test("a message of the task queue without a kind, as it was sent once, is one of a task", () => {
  const { kind, ...old } = task;
  expect(TaskMessage.parse(old)).toEqual({ ...old, kind });
});

test.each([
  { name: "for the other queue", schema: FanoutMessage, message: task },
  { name: "for the other queue", schema: TaskMessage, message: frames },
  { name: "of no known kind", schema: FanoutMessage, message: { ...frames, kind: "mail" } },
  { name: "without a kind", schema: FanoutMessage, message: { ...frames, kind: undefined } },
  {
    name: "for a socket that is none",
    schema: FanoutMessage,
    message: { ...replay, subscription: { ...subscription, connection_id: 7 } },
  },
])("a message $name cannot be read", ({ schema, message }) => {
  expect(schema.safeParse(message).success).toBe(false);
});

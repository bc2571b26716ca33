const project_id = "0198c0de-0000-7000-8000-000000000001";
const task_id = "0198c0de-0000-7000-8000-000000000002";

const event = {
  seq: 13,
  event_id: "0198c0de-0000-7000-8000-000000000003",
  project_id,
  task_id,
  agent_type: "coder",
  actor: { type: "agent", id: "coder" },
  timestamp: "2026-01-01T12:00:00.000Z",
  event_type: "task_started",
  data: { attempt: 1 },
};

const problem = {
  type: "/problems/malformed-json",
  title: "The body is not JSON",
  status: 400,
  detail: "The message is not valid JSON.",
  instance: "/requests/0198c0de-0000-7000-8000-00000000beef",
  request_id: "0198c0de-0000-7000-8000-00000000beef",
};

/** An example of each message of the socket. */
export const socketExamples = {
  subscribe: { action: "subscribe", project_id, after: 12 },
  unsubscribe: { action: "unsubscribe", project_id },
  ping: { action: "ping", project_id, last: 12 },
  subscribed: { type: "subscribed", project_id, head: 13 },
  unsubscribed: { type: "unsubscribed", project_id },
  events: { type: "events", project_id, from: 13, to: 13, events: [event] },
  tokens: {
    type: "tokens",
    project_id,
    task_id,
    agent_type: "coder",
    attempt: 1,
    call_id: "0198c0de-0000-7000-8000-000000000004",
    offset: 0,
    text: '{"content":{"title":"Source code of',
  },
  pong: { type: "pong", head: 13 },
  error: { type: "error", problem },
};

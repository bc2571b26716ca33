import { setTimeout as delay } from "node:timers/promises";
import { limits } from "../limits.ts";

type Answer = { status: number; body: Record<string, unknown> };

/** Where the stack is just now; undefined while it is down. */
export type Address = () => string | undefined;

const pauseMs = 200;
const ended: readonly unknown[] = ["completed", "failed", "cancelled"];

const sendOnce = async (
  url: string,
  route: string,
  key: string,
  body?: object,
): Promise<Answer> => {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", "idempotency-key": key },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(limits.waitMs),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
};

const isFinal = ({ status, body }: Answer) =>
  status < 500 && body.type !== "/problems/idempotency-in-progress";

/** Sends until there is an answer, whatever becomes of the stack meanwhile; always with the same key. */
const send = async (address: Address, route: string, body?: object): Promise<Answer> => {
  const key = crypto.randomUUID();
  for (;;) {
    const url = address();
    const answer = url && (await sendOnce(url, route, key, body).catch(() => undefined));
    if (answer && isFinal(answer)) return answer;
    await delay(pauseMs);
  }
};

export type Told = { project_id: string; approved: string[]; status: string };

type Pending = { request_id: string }[];

/** A person who has a project made, and answers its gates, until it is over. */
const runProject = async (address: Address, name: string): Promise<Told> => {
  const created = await send(address, "POST /projects", {
    name,
    description: "A list of old books. [[sleep:100]]",
  });
  const project_id = String(created.body.id);
  const approved: string[] = [];
  for (;;) {
    const { body } = await send(address, `GET /projects/${project_id}/status`);
    for (const { request_id } of (body.pending_hitl ?? []) as Pending) {
      const { status } = await send(address, `POST /hitl/${request_id}/respond`, {
        action: "approve",
      });
      if (status === 200) approved.push(request_id);
    }
    if (ended.includes(body.status)) return { project_id, approved, status: String(body.status) };
    await delay(pauseMs);
  }
};

/** Many people at once. */
export const runCrowd = (address: Address, count: number): Promise<Told[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => runProject(address, `Books ${index}`)));

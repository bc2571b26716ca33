import type { World } from "../world/open-world.ts";
import type { Answered, Sent } from "../world/person.ts";
import type { Choices } from "./choices.ts";

type Status = {
  status: string;
  tasks: { task_id: string; status: string }[];
  pending_hitl: { request_id: string; task_id: string; question: string; options: string[] }[];
};

type Body = Record<string, unknown>;

/** What the people of a tenant can do, in the words of the API. */
export const peopleIn = (
  { clients }: Pick<World, "clients">,
  choices: Choices,
  tenant: string = "local",
) => {
  let keys = 0;
  const key = () => {
    keys += 1;
    return `key-${keys}`;
  };
  /** A person's program now and then sends a request twice at once. */
  const send = async (said: Omit<Sent, "tenant">): Promise<Answered> => {
    const sent = { ...said, tenant };
    const keyed: Sent = sent.routeKey.startsWith("POST") ? { key: key(), ...sent } : sent;
    if (keyed.key && choices.chance(0.1)) void clients.send(keyed).catch(() => undefined);
    return clients.send(keyed);
  };
  const post = (what: string, project_id: string, user: string, body: Body = {}, path = {}) =>
    send({
      routeKey: `POST /api/v1/projects/{project_id}${what}`,
      path: { project_id, ...path },
      user,
      ...(Object.keys(body).length > 0 && { body }),
    });
  const change = (routeKey: string, path: Record<string, string>, body?: Body) =>
    send({ routeKey, path, user: "ann", ...(body && { body }) });
  return {
    rename: (project_id: string, name: string) =>
      change("PATCH /api/v1/projects/{project_id}", { project_id }, { name }),
    replaceArtifact: (context_id: string, content: string) =>
      change("PUT /api/v1/context/artifacts/{context_id}", { context_id }, { content }),
    removeArtifact: (context_id: string) =>
      change("DELETE /api/v1/context/artifacts/{context_id}", { context_id }),
    ask: (user: string, project_id: string, task_id: string, question: string) =>
      post("/hitl", project_id, user, { task_id, question }),
    approveAll: (user: string, request_ids: readonly string[]) =>
      send({ routeKey: "POST /api/v1/hitl/bulk/approve", user, body: { request_ids } }),
    createProject: async (user: string, body: Body): Promise<string> =>
      String((await send({ routeKey: "POST /api/v1/projects", user, body })).body.id),
    createTask: (user: string, project_id: string, body: Body) =>
      post("/tasks", project_id, user, body),
    addArtifact: (user: string, project_id: string, content: string) =>
      post("/artifacts", project_id, user, { artifact_type: "user_input", content }),
    steer: (
      user: string,
      project_id: string,
      what: "pause" | "resume" | "cancel" | "force-complete",
    ) => post(`/${what}`, project_id, user),
    cancelTask: (user: string, project_id: string, task_id: string) =>
      post("/tasks/{task_id}/cancel", project_id, user, {}, { task_id }),
    retryTask: (user: string, project_id: string, task_id: string) =>
      post("/tasks/{task_id}/retry", project_id, user, {}, { task_id }),
    respond: (user: string, request_id: string, body: Body) =>
      send({
        routeKey: "POST /api/v1/hitl/{request_id}/respond",
        path: { request_id },
        user,
        body,
      }),
    status: async (project_id: string): Promise<Status> => {
      const { body } = await clients.send({
        routeKey: "GET /api/v1/projects/{project_id}/status",
        path: { project_id },
        tenant,
        user: "ann",
      });
      return body as unknown as Status;
    },
  };
};

export type People = ReturnType<typeof peopleIn>;
export type { Status };

import { expect, test } from "vitest";
import { type Authenticate, authenticators } from "../../../lib/http/authenticate.ts";
import { anEvent } from "./event.ts";

const requested = (headers: Record<string, string>) => authenticators.none(anEvent({ headers }));

/** What happens to a socket; its messages and its end come without headers. */
const happened = (eventType: string, headers?: Record<string, string>) =>
  authenticators.none({
    requestContext: { eventType, connectionId: "socket-1" },
    ...(headers && { headers }),
  } as Parameters<Authenticate>[0]);

test.each([
  { name: "nobody", headers: {}, user_id: "local-user" },
  { name: "ann", headers: { "x-user-id": "ann" }, user_id: "ann" },
  {
    name: "an address",
    headers: { "x-user-id": "ann.b+c@example.org" },
    user_id: "ann.b+c@example.org",
  },
])("with AUTH_MODE=none $name is $user_id of the one tenant", async ({ headers, user_id }) => {
  expect(await requested(headers)).toMatchObject({ tenant: "local", user_id });
  expect(await happened("CONNECT", headers)).toMatchObject({ tenant: "local", user_id });
});

test("a socket's headers come as the client wrote them", async () => {
  expect(await happened("CONNECT", { "X-User-Id": "ann" })).toMatchObject({ user_id: "ann" });
});

test.each(["MESSAGE", "DISCONNECT"])("a %s is of the tenant that connected", async (eventType) => {
  expect(await happened(eventType)).toMatchObject({ tenant: "local" });
});

test.each(["", "ann b", "ann/b", "ann#b", "änn", "x".repeat(129)])(
  "%j is nobody's name",
  async (name) => {
    await expect(requested({ "x-user-id": name })).rejects.toMatchObject({
      code: "invalid-request",
      extensions: { errors: [expect.objectContaining({ pointer: "#/headers/x-user-id" })] },
    });
  },
);

test("with AUTH_MODE=none everybody has all the roles of a person", async () => {
  const { roles } = (await requested({})) ?? {};
  expect(roles).toEqual(["viewer", "approver", "operator", "admin"]);
});

test("a caller cannot choose the tenant", async () => {
  const headers = { "x-tenant": "acme", "x-tenant-id": "acme" };
  expect(await requested(headers)).toMatchObject({ tenant: "local" });
});

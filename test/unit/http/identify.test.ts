import { expect, test } from "vitest";
import { identify } from "../../../lib/http/authenticate.ts";

test.each([
  { name: "nobody", headers: {}, user_id: "local-user" },
  { name: "ann", headers: { "x-user-id": "ann" }, user_id: "ann" },
  {
    name: "an address",
    headers: { "x-user-id": "ann.b+c@example.org" },
    user_id: "ann.b+c@example.org",
  },
])("$name is $user_id of the one tenant", ({ headers, user_id }) => {
  expect(identify(headers)).toEqual({ tenant: "local", user_id });
});

test.each(["", "ann b", "ann/b", "ann#b", "änn", "x".repeat(129)])(
  "%j is nobody's name",
  (name) => {
    expect(() => identify({ "x-user-id": name })).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        extensions: { errors: [expect.objectContaining({ pointer: "#/headers/x-user-id" })] },
      }),
    );
  },
);

test("a caller cannot choose the tenant", () => {
  expect(identify({ "x-tenant": "acme", "x-tenant-id": "acme" }).tenant).toBe("local");
});

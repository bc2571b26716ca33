import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import { idempotencyKeyOf } from "../../../lib/http/idempotency-key.ts";
import { anEvent } from "./event.ts";

const caller = { tenant: "local", user_id: "ann", roles: [] };
const headers = { "idempotency-key": "k-1" };

/** The idempotency key of a request whose body is parsed. */
const idempotencyKey = (body?: unknown, given: Parameters<typeof anEvent>[0] = {}) => {
  const event = { ...anEvent({ headers, ...given }), body };
  return idempotencyKeyOf(event as APIGatewayProxyEventV2, caller, "owner-1");
};

test("the key of a request names the tenant, the user, the key and the try", () => {
  expect(idempotencyKey({ a: 1 })).toEqual({
    tenant: "local",
    user: "ann",
    key: "k-1",
    owner: "owner-1",
    payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("without a key there is none", () => {
  expect(idempotencyKey({ a: 1 }, { headers: {} })).toBeUndefined();
});

test.each([
  { name: "the same body", one: { a: 1, b: 2 }, two: { a: 1, b: 2 } },
  {
    name: "its keys in another order",
    one: { a: 1, b: { c: [1], d: 2 } },
    two: { b: { d: 2, c: [1] }, a: 1 },
  },
  { name: "no body at all", one: undefined, two: undefined },
])("the same payloadHash for $name", ({ one, two }) => {
  expect(idempotencyKey(one)?.payloadHash).toBe(idempotencyKey(two)?.payloadHash);
});

test.each([
  { name: "another value", one: idempotencyKey({ a: 1 }), two: idempotencyKey({ a: 2 }) },
  {
    name: "a list in another order",
    one: idempotencyKey({ a: [1, 2] }),
    two: idempotencyKey({ a: [2, 1] }),
  },
  {
    name: "a text instead of a number",
    one: idempotencyKey({ a: 1 }),
    two: idempotencyKey({ a: "1" }),
  },
  { name: "a body instead of none", one: idempotencyKey(), two: idempotencyKey({}) },
  { name: "another path", one: idempotencyKey({}), two: idempotencyKey({}, { path: { id: "8" } }) },
  {
    name: "another method",
    one: idempotencyKey({}),
    two: idempotencyKey({}, { routeKey: "PUT /things/{id}" }),
  },
])("another payloadHash for $name", ({ one, two }) => {
  expect(one?.payloadHash).not.toBe(two?.payloadHash);
});

test.each(["", "a b", "a\tb", "ä", "x".repeat(256)])("%j is no key", (key) => {
  expect(() => idempotencyKey({}, { headers: { "idempotency-key": key } })).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      extensions: { errors: [expect.objectContaining({ pointer: "#/headers/idempotency-key" })] },
    }),
  );
});

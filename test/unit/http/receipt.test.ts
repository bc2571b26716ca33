import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import { receiptOf } from "../../../lib/http/idempotency-key.ts";
import { anEvent } from "./event.ts";

const caller = { tenant: "local", user_id: "ann", roles: [] };
const headers = { "idempotency-key": "k-1" };

/** The receipt of a request whose body is parsed, as it is when a receipt is made. */
const receipt = (body?: unknown, given: Parameters<typeof anEvent>[0] = {}) => {
  const event = { ...anEvent({ headers, ...given }), body };
  return receiptOf(event as APIGatewayProxyEventV2, caller, "owner-1");
};

test("a receipt names the tenant, the user, the key and the try", () => {
  expect(receipt({ a: 1 })).toEqual({
    tenant: "local",
    user: "ann",
    key: "k-1",
    owner: "owner-1",
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("without a key there is none", () => {
  expect(receipt({ a: 1 }, { headers: {} })).toBeUndefined();
});

test.each([
  { name: "the same body", one: { a: 1, b: 2 }, two: { a: 1, b: 2 } },
  {
    name: "its keys in another order",
    one: { a: 1, b: { c: [1], d: 2 } },
    two: { b: { d: 2, c: [1] }, a: 1 },
  },
  { name: "no body at all", one: undefined, two: undefined },
])("the same fingerprint for $name", ({ one, two }) => {
  expect(receipt(one)?.fingerprint).toBe(receipt(two)?.fingerprint);
});

test.each([
  { name: "another value", one: receipt({ a: 1 }), two: receipt({ a: 2 }) },
  { name: "a list in another order", one: receipt({ a: [1, 2] }), two: receipt({ a: [2, 1] }) },
  { name: "a text instead of a number", one: receipt({ a: 1 }), two: receipt({ a: "1" }) },
  { name: "a body instead of none", one: receipt(), two: receipt({}) },
  { name: "another path", one: receipt({}), two: receipt({}, { path: { id: "8" } }) },
  { name: "another method", one: receipt({}), two: receipt({}, { routeKey: "PUT /things/{id}" }) },
])("another fingerprint for $name", ({ one, two }) => {
  expect(one?.fingerprint).not.toBe(two?.fingerprint);
});

test.each(["", "a b", "a\tb", "ä", "x".repeat(256)])("%j is no key", (key) => {
  expect(() => receipt({}, { headers: { "idempotency-key": key } })).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      extensions: { errors: [expect.objectContaining({ pointer: "#/headers/idempotency-key" })] },
    }),
  );
});

import { expect, test } from "vitest";
import * as z from "zod";
import { encodeCursor, noBody, paging, placeOf } from "../../../lib/http/fields.ts";
import { anId } from "../../support/builders.ts";

const Query = z.strictObject(paging);
const base64 = (text: string) => Buffer.from(text).toString("base64url");

test("a cursor leads to the place it was made of", () => {
  const cursor = encodeCursor(anId(7)) ?? "";
  expect(placeOf({ cursor, limit: 50 })).toEqual({ after: anId(7), limit: 50 });
});

test("a cursor is opaque, and at the end there is none", () => {
  expect(encodeCursor(anId(7))).not.toContain(anId(7));
  expect(encodeCursor(null)).toBeNull();
});

test("without a cursor a list begins at its beginning", () => {
  expect(placeOf({ limit: 50 })).toEqual({ after: null, limit: 50 });
});

test.each([
  { name: "an id", cursor: anId(7) },
  { name: "another prefix", cursor: base64(`d:${anId(7)}`) },
  { name: "no id inside", cursor: base64("c:junk") },
  { name: "no UUID inside", cursor: base64(`c:${"-".repeat(36)}`) },
  { name: "something after it", cursor: base64(`c:${anId(7)}x`) },
  { name: "a line after it", cursor: base64(`c:${anId(7)}\n`) },
  { name: "capitals inside", cursor: base64(`c:${anId(7).replace("7000", "7ABC")}`) },
  { name: "plain base64 of it, padded", cursor: `${encodeCursor(anId(7))}=` },
  { name: "junk", cursor: "§§§" },
])("$name is no cursor", ({ cursor }) => {
  expect(() => placeOf({ cursor, limit: 50 })).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      extensions: { errors: [expect.objectContaining({ pointer: "#/query/cursor" })] },
    }),
  );
});

test.each([
  { query: {}, limit: 50 },
  { query: { limit: "1" }, limit: 1 },
  { query: { limit: "100" }, limit: 100 },
  { query: { limit: "0" }, limit: null },
  { query: { limit: "101" }, limit: null },
  { query: { limit: "-1" }, limit: null },
  { query: { limit: "1.5" }, limit: null },
  { query: { limit: "" }, limit: null },
  { query: { limit: "ten" }, limit: null },
  { query: { cursor: "" }, limit: null },
  { query: { cursor: "x".repeat(201) }, limit: null },
  { query: { page: "2" }, limit: null },
])("$query gives pages of $limit", ({ query, limit }) => {
  expect(Query.safeParse(query).data?.limit ?? null).toBe(limit);
});

test.each([
  { body: undefined, valid: true },
  { body: {}, valid: true },
  { body: { a: 1 }, valid: false },
  { body: [], valid: false },
])("an operation without a body takes $body: $valid", ({ body, valid }) => {
  expect(noBody.safeParse(body).success).toBe(valid);
});

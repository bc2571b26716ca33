import { expect, test } from "vitest";
import * as z from "zod";
import { answerSuccess } from "../../../lib/http/answer-success.ts";
import { defineQuery, type QueryRoute, type Route } from "../../../lib/http/route.ts";

const Thing = z.object({ id: z.string(), head: z.int(), ok: z.boolean().optional() });

type Fields = Omit<Partial<QueryRoute<z.ZodObject, typeof Thing>>, "method"> & {
  method?: Route["method"];
};

const route = ({ method = "get", ...fields }: Fields = {}) => ({
  ...(defineQuery({
    operationId: "getThing",
    path: "/things/{id}",
    summary: "One thing",
    tag: "Things",
    access: "viewer",
    request: z.object({}),
    response: Thing,
    status: 200,
    problems: [],
    ...fields,
  }) as unknown as Route),
  method,
});

const tagOf = ({ head }: z.infer<typeof Thing>) => `p${head}`;

type Given = Partial<Omit<Parameters<typeof answerSuccess>[0], "route">> & {
  fields?: Parameters<typeof route>[0];
};

const answered = ({ fields, ...rest }: Given = {}) =>
  answerSuccess({
    route: route(fields) as Route,
    body: { id: "7", head: 3 },
    replayed: false,
    correlation_id: "req-1",
    if_none_match: undefined,
    ...rest,
  });

test("a success is JSON with the request's id", () => {
  expect(answered()).toEqual({
    statusCode: 200,
    headers: {
      "content-type": "application/json",
      "x-request-id": "req-1",
      "cache-control": "no-cache",
    },
    body: '{"id":"7","head":3}',
  });
});

test.each([
  { method: "get", if_none_match: '"p3"', statusCode: 304 },
  { method: "get", if_none_match: '"p2"', statusCode: 200 },
  { method: "get", if_none_match: undefined, statusCode: 200 },
  { method: "patch", if_none_match: '"p3"', statusCode: 200 },
] as const)("$method, If-None-Match $if_none_match: $statusCode", (row) => {
  const { method, if_none_match, statusCode } = row;
  const result = answered({ fields: { method, tagOf }, if_none_match });
  expect(result.statusCode).toBe(statusCode);
  expect(result.headers).toMatchObject({ etag: '"p3"', "x-request-id": "req-1" });
  expect(result.body === undefined).toBe(statusCode === 304);
});

test("without a tag there is no 304", () => {
  const result = answered({ if_none_match: "*" });
  expect(result.statusCode).toBe(200);
  expect(result.headers).not.toHaveProperty("etag");
});

test("204 has no body", () => {
  const result = answered({ fields: { status: 204 }, body: null });
  expect(result).toMatchObject({ statusCode: 204, headers: { "x-request-id": "req-1" } });
  expect(result.body).toBeUndefined();
  expect(result.headers).not.toHaveProperty("content-type");
});

test("what was created says where it is", () => {
  const fields = { status: 201, location: ({ id }: { id: string }) => `/things/${id}` } as const;
  expect(answered({ fields })).toMatchObject({
    statusCode: 201,
    headers: { location: "/things/7" },
  });
});

test.each([true, false])("a replayed answer says so: %s", (replayed) => {
  expect(answered({ replayed }).headers?.["idempotency-replayed"]).toBe(
    replayed ? "true" : undefined,
  );
});

test("a status may depend on the answer", () => {
  const fields = { statusOf: ({ ok }: { ok?: boolean | undefined }) => (ok ? 200 : 503) };
  expect(answered({ fields, body: { id: "7", head: 3, ok: false } }).statusCode).toBe(503);
});

test("a file is sent in base64, under its name; who has it gets none", () => {
  const file = {
    contentType: "application/zip",
    of: ({ id }: { id: string }) => ({
      name: `${id}.zip`,
      data: new Uint8Array([0, 80, 75, 255, 0]).subarray(1, 4),
    }),
  };
  expect(answered({ fields: { file, tagOf } })).toEqual({
    statusCode: 200,
    headers: {
      "content-type": "application/zip",
      "content-disposition": 'attachment; filename="7.zip"',
      "x-request-id": "req-1",
      "cache-control": "no-cache",
      etag: '"p3"',
    },
    body: "UEv/",
    isBase64Encoded: true,
  });
  expect(answered({ fields: { file, tagOf }, if_none_match: '"p3"' })).toEqual({
    statusCode: 304,
    headers: { "x-request-id": "req-1", "cache-control": "no-cache", etag: '"p3"' },
  });
});

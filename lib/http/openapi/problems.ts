import * as z from "zod";
import { type ProblemCode, ProblemExtensions, problems } from "../../domain/problem.ts";
import { declaredProblems } from "../declared-problems.ts";
import type { Route } from "../route.ts";
import { refTo } from "./schemas.ts";
import type { SecurityScheme } from "./security.ts";

/** Problems that exist only when callers authenticate. */
const callerProblems: readonly ProblemCode[] = ["unauthenticated", "forbidden"];

/** Lists the problems of the API, for a way to authenticate; null when callers do not. */
export const problemCodesIn = (scheme: SecurityScheme | null): ProblemCode[] =>
  (Object.keys(problems) as ProblemCode[]).filter(
    (code) => scheme !== null || !callerProblems.includes(code),
  );

/** Lists the same problems as rows of a table for people. */
export const problemListIn = (scheme: SecurityScheme | null) =>
  problemCodesIn(scheme).map((code) => {
    const { status, title } = problems[code];
    return { code, status, title };
  });

const typeOf = (code: ProblemCode) => `/problems/${code}` as const;

/** Makes the schema of a problem document (RFC 9457). */
export const problemDocumentIn = (scheme: SecurityScheme | null) =>
  z
    .object({
      type: z
        .enum(problemCodesIn(scheme).map(typeOf))
        .meta({ description: "Which problem it is." }),
      title: z.string(),
      status: z.int(),
      detail: z.string().meta({ description: "What is wrong with this request." }),
      instance: z.string(),
      request_id: z.string().meta({ description: "As in X-Request-Id, and in the logs." }),
      ...ProblemExtensions.shape,
    })
    .meta({ id: "Problem", description: "Every failure, as RFC 9457 writes it." });

export const ProblemDocument = problemDocumentIn(null);
export type ProblemDocument = z.infer<typeof ProblemDocument>;

/** Lists the problems of a route. */
const codesIn = (route: Route, scheme: SecurityScheme | null): ProblemCode[] =>
  problemCodesIn(scheme).filter((code) => declaredProblems(route).includes(code));

/** Groups the problems of a route by status: OpenAPI has one response for each status. */
const responsesOf = (
  route: Route,
  scheme: SecurityScheme | null,
): [status: string, codes: ProblemCode[]][] =>
  Object.entries(Object.groupBy(codesIn(route, scheme), (code) => problems[code].status)).map(
    ([status, codes]) => [status, codes ?? []],
  );

const responseName = (codes: readonly ProblemCode[]) => codes.join(".");

const example = (code: ProblemCode) => {
  const { status, title } = problems[code];
  const request_id = "0198c0de-0000-7000-8000-00000000beef";
  return {
    summary: title,
    value: {
      type: typeOf(code),
      title,
      status,
      detail: title,
      instance: `/requests/${request_id}`,
      request_id,
    },
  };
};

const mayRetry = (code: ProblemCode) => problems[code].callerRetries;

const problemResponse = (codes: readonly ProblemCode[]) => ({
  description: codes.map((code) => problems[code].title).join(". "),
  headers: {
    "X-Request-Id": refTo("headers", "RequestId"),
    ...(codes.some(mayRetry) && { "Retry-After": refTo("headers", "RetryAfter") }),
  },
  content: {
    "application/problem+json": {
      schema: refTo("schemas", "Problem"),
      examples: Object.fromEntries(codes.map((code) => [code, example(code)])),
    },
  },
});

/** Makes references to the failure responses of a route, by status. */
export const failures = (
  route: Route,
  scheme: SecurityScheme | null,
): Record<string, { $ref: string }> =>
  Object.fromEntries(
    responsesOf(route, scheme).map(([status, codes]) => [
      status,
      refTo("responses", responseName(codes)),
    ]),
  );

/** Makes the components to which the references of `failures` lead. */
export const failureComponents = (routes: readonly Route[], scheme: SecurityScheme | null) =>
  Object.fromEntries(
    routes
      .flatMap((route) => responsesOf(route, scheme))
      .map(([, codes]) => [responseName(codes), problemResponse(codes)]),
  );

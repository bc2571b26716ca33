import * as z from "zod";
import { type ProblemCode, ProblemExtensions, problems } from "../../domain/problem.ts";
import { declaredProblems } from "../declared-problems.ts";
import type { Route } from "../route.ts";
import { refTo } from "./schemas.ts";

export const problemCodes = Object.keys(problems) as ProblemCode[];

/** All problems, as rows of a table for people. */
export const problemList = problemCodes.map((code) => {
  const { status, title } = problems[code];
  return { code, status, title };
});

const typeOf = (code: ProblemCode) => `/problems/${code}` as const;

export const ProblemDocument = z
  .object({
    type: z.enum(problemCodes.map(typeOf)).meta({ description: "Which problem it is." }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What is wrong with this request." }),
    instance: z.string(),
    request_id: z.string().meta({ description: "As in X-Request-Id, and in the logs." }),
    ...ProblemExtensions.shape,
  })
  .meta({ id: "Problem", description: "Every failure, as RFC 9457 writes it." });
export type ProblemDocument = z.infer<typeof ProblemDocument>;

/** Problems that share a status share an answer. */
const answersOf = (route: Route): [status: string, codes: ProblemCode[]][] =>
  Object.entries(Object.groupBy(declaredProblems(route), (code) => problems[code].status)).map(
    ([status, codes]) => [status, codes ?? []],
  );

const answerName = (codes: readonly ProblemCode[]) => codes.join(".");

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

const problemAnswer = (codes: readonly ProblemCode[]) => ({
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

/** The failures of a route, by status, as references. */
export const failures = (route: Route): Record<string, { $ref: string }> =>
  Object.fromEntries(
    answersOf(route).map(([status, codes]) => [status, refTo("responses", answerName(codes))]),
  );

/** What the references of `failures` lead to. */
export const failureComponents = (routes: readonly Route[]) =>
  Object.fromEntries(
    routes.flatMap(answersOf).map(([, codes]) => [answerName(codes), problemAnswer(codes)]),
  );

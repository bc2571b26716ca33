import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { problemDocument } from "../contracts/problem-document.ts";
import { Problem, problems, toProblem } from "../domain/problem.ts";

/** middy's parsers throw errors with a `statusCode`: those below 500 are the caller's mistake. */
const fromParser = (error: Error & { statusCode: unknown }): Problem => {
  if (error.statusCode === 415) {
    return new Problem("unsupported-media-type", "Send application/json.", { cause: error });
  }
  return new Problem("malformed-json", "The body is not valid JSON.", { cause: error });
};

/** Any thrown value as a Problem; `isTransient` knows an AWS call that did not answer. */
export const problemOf = (error: unknown, isTransient: (error: unknown) => boolean): Problem => {
  if (error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500) {
    return fromParser(error as Error & { statusCode: unknown });
  }
  return isTransient(error)
    ? new Problem("dependency-down", "Please try again.", { cause: error })
    : toProblem(error);
};

const retrySeconds = (problem: Problem): number | null => {
  if (!problems[problem.code].callerRetries) return null;
  return problem.extensions.retry_after ?? 1;
};

/** A problem as the answer of the HTTP API. */
export const answerProblem = (
  problem: Problem,
  correlation_id: string,
): APIGatewayProxyStructuredResultV2 => {
  const seconds = retrySeconds(problem);
  return {
    statusCode: problems[problem.code].status,
    headers: {
      "content-type": "application/problem+json",
      "x-request-id": correlation_id,
      ...(seconds !== null && { "retry-after": String(seconds) }),
    },
    body: JSON.stringify(problemDocument(problem, correlation_id)),
  };
};

/**
 * Answers every thrown value with application/problem+json (RFC 9457). It goes first in the stack: middy
 * runs `onError` from last to first, so every other middleware has seen the error before it is answered.
 */
export const problemJson = (options: {
  isTransient: (error: unknown) => boolean;
  log: (problem: Problem) => void;
}): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error> => ({
  onError: ({ error, context }) => {
    const problem = problemOf(error, options.isTransient);
    options.log(problem);
    return answerProblem(problem, context.awsRequestId);
  },
});

import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { problemDocument } from "../contracts/problem-document.ts";
import { Problem, problems, toProblem } from "../domain/problem.ts";

/** Makes a Problem of an error of middy's parser. Its `statusCode` is below 500: the caller's mistake. */
const fromParser = (error: Error & { statusCode: unknown }): Problem => {
  if (error.statusCode === 415) {
    return new Problem("unsupported-media-type", "Send application/json.", { cause: error });
  }
  return new Problem("malformed-json", "The body is not valid JSON.", { cause: error });
};

/** Makes a Problem of any thrown value. `isTransient` recognises an AWS call that got no answer. */
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

/** Makes API Gateway's response for a problem. Retry-After is in seconds. */
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
 * Makes the middleware that answers every thrown value with application/problem+json. Use it first: middy runs `onError` from the
 * last to the first, so all other middlewares see the error before it is answered.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
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

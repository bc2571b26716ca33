import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { Problem } from "../domain/problem.ts";
import { answerProblem } from "./problem-json.ts";

const matches = (pattern: string, path: string) => {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  const fits = (part: string, n: number) => part === given[n] || (part.startsWith("{") && given[n]);
  return wanted.length === given.length && wanted.every(fits);
};

/** Lists the methods that an address has. */
const methodsAt = (keys: readonly string[], path: string): string[] => {
  const methods = keys.map((key) => key.split(" ")).filter(([, to = ""]) => matches(to, path));
  return [...new Set(methods.map(([method = ""]) => method))].sort();
};

const findProblem = (allowed: readonly string[], method: string): Problem =>
  allowed.length === 0 || allowed.includes(method)
    ? new Problem("not-found", "There is nothing at this address.")
    : new Problem("method-not-allowed", `This address answers ${allowed.join(", ")}.`);

type RefusedRequest = { path: string; method: string; correlation_id: string };

/**
 * Answers a request without a route: 405 when its address has other methods, otherwise 404.
 *
 * @param keys API Gateway's route keys of all that is served
 */
export const refuseAddress = (
  keys: readonly string[],
  { path, method, correlation_id: request_id }: RefusedRequest,
): APIGatewayProxyStructuredResultV2 => {
  const methods = methodsAt(keys, path);
  const problem = findProblem(methods, method);
  const { headers, ...answer } = answerProblem(problem, request_id);
  const allow = problem.code === "method-not-allowed" && { allow: methods.join(", ") };
  return { ...answer, headers: { ...headers, ...allow } };
};

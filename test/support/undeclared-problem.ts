import type { ProblemCode } from "../../lib/domain/problem.ts";
import { declaredProblems } from "../../lib/http/declared-problems.ts";
import { routes } from "../../lib/http/routes.ts";

/** Addresses before the patterns that they also fit, as API Gateway finds them. */
const table = routes
  .map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    parameters: route.path.split("{").length,
  }))
  .sort((a, b) => a.parameters - b.parameters);

type Answer = { status: number; type: unknown };

/**
 * What is wrong with a problem that was answered: its route does not list it. Null when nothing is.
 *
 * @param path with its values, or as the route has it
 */
export const undeclaredProblem = (
  method: string,
  path: string,
  { status, type }: Answer,
): string | null => {
  const found = table.find(
    ({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(path),
  );
  const code = /^\/problems\/([\w-]+)$/.exec(String(type))?.[1] as ProblemCode | undefined;
  if (!found || status < 400 || !code || declaredProblems(found.route).includes(code)) return null;
  return `${method} ${found.route.path} answered ${code}, which it does not list`;
};

import { type ProblemCode, problems } from "../domain/problem.ts";
import type { Route } from "./route.ts";

/** Any request may be malformed, meet a bug, or a table that does not answer. */
const problemsOfAll: readonly ProblemCode[] = ["invalid-request", "internal", "dependency-down"];

const problemsOfKind = {
  public: [],
  query: [],
  command: ["busy", "in-doubt"],
  /** What a command of it meets stands in the answer. */
  batch: [],
} as const satisfies Record<Route["kind"], readonly ProblemCode[]>;

const namesResource = ({ path }: Route): boolean => /\{\w+_id\}/.test(path);

/**
 * All that can go wrong with a route, in the order of the table of problems: its own, and what its kind, its access,
 * its body, its path, its keys and If-Match imply.
 */
export const declaredProblems = (route: Route): ProblemCode[] => {
  const possible = new Set<ProblemCode>([
    ...problemsOfAll,
    ...problemsOfKind[route.kind],
    ...route.problems,
    ...(route.access === "public" ? [] : (["unauthenticated", "forbidden"] as const)),
    ...(namesResource(route) ? (["not-found"] as const) : []),
    ...(route.request.shape.body ? (["malformed-json", "unsupported-media-type"] as const) : []),
    ...(route.idempotent ? (["idempotency-in-progress", "idempotency-mismatch"] as const) : []),
    ...(route.ifMatch ? (["precondition-failed"] as const) : []),
  ]);
  return (Object.keys(problems) as ProblemCode[]).filter((code) => possible.has(code));
};

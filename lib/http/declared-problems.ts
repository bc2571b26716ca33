import { type ProblemCode, problems } from "../domain/problem.ts";
import type { Route } from "./route.ts";

/** Problems of every route: a malformed request, a bug, a table that does not answer. */
const problemsOfAll: readonly ProblemCode[] = ["invalid-request", "internal", "dependency-down"];

/** Problems that a route's kind implies. */
const problemsOfKind = {
  public: [],
  query: [],
  command: ["busy", "in-doubt"],
  /** None: the answer of a batch lists the problems of its commands. */
  batch: [],
} as const satisfies Record<Route["kind"], readonly ProblemCode[]>;

const namesResource = ({ path }: Route): boolean => /\{\w+_id\}/.test(path);

/**
 * Lists the problems that a route may answer, in the order of the table of problems: its own, and those that its kind, access,
 * body, path, idempotency key and If-Match imply.
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

import type { Caller } from "./common.ts";
import { Problem } from "./problem.ts";

/**
 * Lists for each role the roles whose routes it may use. Every route and every socket action names the least role that may
 * use it. The role `agent` is for machines: it writes artifacts and tasks and opens requests.
 */
const mayUse = {
  viewer: ["viewer"],
  approver: ["viewer", "approver"],
  agent: ["viewer", "agent"],
  operator: ["viewer", "approver", "agent", "operator"],
  admin: ["viewer", "approver", "agent", "operator", "admin"],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof mayUse;

/** The roles that a person may have. `agent` is not among them: who has it may not decide requests. */
export const rolesOfPerson: readonly Role[] = ["viewer", "approver", "operator", "admin"];

/** The least role that may use a route; `public` when no role is needed. */
export type Access = "public" | Role;

/** Tells whether a caller is barred: one with the role `agent` never decides a request, whatever its other roles. */
const mayNever = (roles: readonly Role[], role: Role) =>
  role === "approver" && roles.includes("agent");

const isAllowed = (roles: readonly Role[], role: Role): boolean =>
  !mayNever(roles, role) && roles.some((own) => mayUse[own].some((used) => used === role));

/** Tells whether a caller may use what names this role. */
export const mayUseAs = (caller: Caller | null, role: Role): boolean =>
  caller !== null && isAllowed(caller.roles, role);

/**
 * Checks that a caller may use what names this role, and returns the caller.
 *
 * @param caller null when the caller is not authenticated
 * @throws Problem `unauthenticated` without a caller, `forbidden` when the caller's roles do not allow it
 */
export const checkAccess = (caller: Caller | null, role: Role): Caller => {
  if (!caller) throw new Problem("unauthenticated", "Say who you are.");
  if (isAllowed(caller.roles, role)) return caller;
  throw new Problem("forbidden", `This needs the role ${role}.`);
};

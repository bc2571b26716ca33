import type { Caller } from "./common.ts";
import { Problem } from "./problem.ts";

/**
 * What each role may use. Every route and every socket action names the least role that may use it, and a role may use
 * whatever names one of these. `agent` is for machines: it writes artifacts and tasks and opens requests.
 */
const mayUse = {
  viewer: ["viewer"],
  approver: ["viewer", "approver"],
  agent: ["viewer", "agent"],
  operator: ["viewer", "approver", "agent", "operator"],
  admin: ["viewer", "approver", "agent", "operator", "admin"],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof mayUse;

/** Everything a person may be. Not `agent`: that role takes a right away, as well as giving some. */
export const rolesOfPerson: readonly Role[] = ["viewer", "approver", "operator", "admin"];

/** The least role that may use something, or nobody's in particular. */
export type Access = "public" | Role;

/** Who has the role `agent` never decides a request, whatever other roles it has. */
const mayNever = (roles: readonly Role[], role: Role) =>
  role === "approver" && roles.includes("agent");

const isAllowed = (roles: readonly Role[], role: Role): boolean =>
  !mayNever(roles, role) && roles.some((own) => mayUse[own].some((used) => used === role));

/**
 * Lets a caller through who may use what names this role.
 *
 * @param caller null for somebody who is not known
 * @throws Problem `unauthenticated` when nobody is known, `forbidden` when the role is missing
 */
export const checkAccess = (caller: Caller | null, role: Role): Caller => {
  if (!caller) throw new Problem("unauthenticated", "Say who you are.");
  if (isAllowed(caller.roles, role)) return caller;
  throw new Problem("forbidden", `This needs the role ${role}.`);
};

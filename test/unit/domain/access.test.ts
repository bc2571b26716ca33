import { expect, test } from "vitest";
import { checkAccess, type Role } from "../../../lib/domain/access.ts";

const allRoles = ["viewer", "approver", "agent", "operator", "admin"] as const;

const callerWith = (...roles: readonly Role[]) => ({ tenant: "local", user_id: "ann", roles });

const allowed = (...roles: readonly Role[]) =>
  allRoles.filter((role) => {
    try {
      return checkAccess(callerWith(...roles), role);
    } catch {
      return false;
    }
  });

test.each([
  { role: "viewer", may: ["viewer"] },
  { role: "approver", may: ["viewer", "approver"] },
  { role: "agent", may: ["viewer", "agent"] },
  { role: "operator", may: ["viewer", "approver", "agent", "operator"] },
  { role: "admin", may: ["viewer", "approver", "agent", "operator", "admin"] },
] as const)("$role may use what names $may", ({ role, may }) => {
  expect(allowed(role)).toEqual(may);
});

test("several roles may use what each of them may", () => {
  expect(allowed("viewer", "approver")).toEqual(["viewer", "approver"]);
});

test.each(["approver", "operator", "admin"] as const)(
  "who is an agent never decides, even as %s",
  (role) => {
    expect(allowed("agent", role)).not.toContain("approver");
    expect(allowed("agent", role)).toContain("agent");
  },
);

test("nobody, and somebody without roles, may use nothing", () => {
  expect(() => checkAccess(null, "viewer")).toThrow(
    expect.objectContaining({ code: "unauthenticated" }),
  );
  expect(() => checkAccess(callerWith(), "viewer")).toThrow(
    expect.objectContaining({ code: "forbidden" }),
  );
});

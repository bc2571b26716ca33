import * as z from "zod";
import { parse } from "./parse.ts";

const UserId = z
  .string()
  .regex(/^[\w.@+:-]{1,128}$/, "1 to 128 letters, digits, or any of . _ @ + : -")
  .default("local-user");

/**
 * The one seam that says who calls. With AUTH_MODE=none everybody is tenant `local`, under the name in
 * X-User-Id; an identity provider's verified claims will be read here and nowhere else.
 *
 * @throws Problem `invalid-request` for a name that cannot be one
 */
export const identify = (headers: Record<string, string | undefined>) => ({
  tenant: "local",
  user_id: parse(UserId, headers["x-user-id"], ["headers", "x-user-id"]),
});

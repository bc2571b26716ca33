import { createHash } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod";
import type { IdempotencyKey } from "../contracts/idempotency.ts";
import type { Caller } from "../domain/common.ts";
import { canonicalJson, type Json } from "../domain/json.ts";
import { parse } from "./parse.ts";

const KeyHeader = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "1 to 255 printable characters")
  .optional();

/**
 * Reads the Idempotency-Key of a request whose body is parsed already; undefined without one.
 *
 * @param owner an id of this request, to tell who claims the key
 * @throws Problem `invalid-request` for a malformed key
 */
export const idempotencyKeyOf = (
  event: APIGatewayProxyEventV2,
  caller: Caller,
  owner: string,
): IdempotencyKey | undefined => {
  const header = event.headers["idempotency-key"];
  const key = parse(KeyHeader, header, ["headers", "idempotency-key"]);
  if (key === undefined) return undefined;
  const { method } = event.requestContext.http;
  const body = (event.body || null) as Json;
  const payloadHash = createHash("sha256")
    .update(canonicalJson([method, event.rawPath, body]))
    .digest("hex");
  return { tenant: caller.tenant, user: caller.user_id, key, payloadHash, owner };
};

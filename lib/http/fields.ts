import * as z from "zod";
import { Id } from "../domain/common.ts";
import { invalid } from "../domain/problem.ts";

const uuidAt = /^c:([0-9a-f-]{36})$/;

/** Makes a cursor of the id of the last item of a page. */
export const encodeCursor = (last: string | null): string | null =>
  last && Buffer.from(`c:${last}`).toString("base64url");

const decodeCursor = (cursor: string): string => {
  const id = uuidAt.exec(Buffer.from(cursor, "base64url").toString("utf8"))?.[1];
  if (id && Id.safeParse(id).success && encodeCursor(id) === cursor) return id;
  throw invalid("#/query/cursor", "This is not a cursor of this list.");
};

const Limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(100)
  .default(50)
  .meta({ description: "Items per page." });

const Cursor = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: "The next_cursor of the page before." });

/** The query parameters of every list. */
export const paging = { limit: Limit, cursor: Cursor };

/**
 * Reads the query parameters of a list.
 *
 * @throws Problem `invalid-request` for a cursor that the API did not make
 */
export const placeOf = ({ cursor, limit }: { cursor?: string | undefined; limit: number }) => ({
  after: cursor === undefined ? null : decodeCursor(cursor),
  limit,
});

export const NextCursor = z
  .string()
  .nullable()
  .meta({ description: "The cursor of the next page; null at the end." });

/** Path parameters of an operation on a project. */
export const projectPath = z.strictObject({ project_id: Id.meta({ description: "The project." }) });

/** The body of an operation that needs none: no body, or an empty object. */
export const noBody = z.strictObject({}).optional();

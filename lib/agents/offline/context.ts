import type * as z from "zod";
import type { ArtifactType } from "../../domain/artifact/artifact-type.ts";
import { isObject } from "../../domain/json.ts";
import type { AgentRequest, ContextItem } from "../context.ts";
import { stripDirectives } from "./directives.ts";

/** They say how something was said, not what. */
const formalKeys =
  /^(?:action|status|question|options|request_id|task_id|context_ids?|project_id|user_id|responded_by|responded_at|timestamp|created_at|sha256|version|type)$/;
/** Longer texts are read up to here (characters). */
const maxRead = 20_000;

/** Every text in any JSON, in order, without directives. */
export const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") {
    const text = stripDirectives(value.slice(0, maxRead));
    return text === "" ? [] : [text];
  }
  if (Array.isArray(value)) return value.slice(0, 100).flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    formalKeys.test(key) ? [] : textsIn(each),
  );
};

/** The value of a field of an unknown object, as text. */
export const textAt = (value: unknown, key: string): string =>
  isObject(value) && typeof value[key] === "string" ? stripDirectives(value[key]) : "";

export const newest = (request: AgentRequest, type: ArtifactType): ContextItem | undefined =>
  request.context.findLast((item) => item.artifact_type === type);

/**
 * The newest artifact of a type, if it has the shape the offline agents write: a person or another
 * agent may have put anything there.
 */
export const newestAs = <S extends z.ZodType>(
  request: AgentRequest,
  type: ArtifactType,
  schema: S,
): z.infer<S> | undefined => schema.safeParse(newest(request, type)?.content).data;

import type * as z from "zod";
import type { ArtifactType } from "../../domain/artifact/artifact-type.ts";
import { isObject } from "../../domain/json.ts";
import type { AgentRequest, ContextItem } from "../context.ts";
import { stripDirectives } from "./directives.ts";

/** Keys whose texts say nothing about the project. */
export const formalKeys =
  /^(?:action|status|question|options|request_id|task_id|context_ids?|project_id|user_id|responded_by|responded_at|timestamp|created_at|sha256|version|type)$/;
/** Characters of a text that are read. */
const maxRead = 20_000;

/** Lists every text in any JSON, in order, without directives. */
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

/** Gives the text of a field of an unknown object; empty when it has none. */
export const textAt = (value: unknown, key: string): string =>
  isObject(value) && typeof value[key] === "string" ? stripDirectives(value[key]) : "";

const stripAll = (value: unknown): unknown => {
  if (typeof value === "string") return stripDirectives(value);
  if (Array.isArray(value)) return value.map(stripAll);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stripAll(each)]));
};

/** Finds the newest artifact of a type, without the directives that a person may have written into it; code stays as it is. */
export const newest = (request: AgentRequest, type: ArtifactType): ContextItem | undefined => {
  const item = request.context.findLast(({ artifact_type }) => artifact_type === type);
  return item && type !== "source_code" ? { ...item, content: stripAll(item.content) } : item;
};

/**
 * Gives the content of the newest artifact of a type; undefined without one, or when it has not the shape of `schema`: a person
 * or a model may have written it.
 */
export const newestAs = <S extends z.ZodType>(
  request: AgentRequest,
  type: ArtifactType,
  schema: S,
): z.infer<S> | undefined => schema.safeParse(newest(request, type)?.content).data;

import { isObject, type Json } from "../domain/json.ts";

export type Fields = { readonly [key: string]: Json };

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: Json | undefined): Fields => (isObject(value) ? value : {});

export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : [];

/** Text that says something. */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

export const isScalar = (value: Json | undefined): value is string | number | boolean | null =>
  value !== undefined && (value === null || typeof value !== "object");

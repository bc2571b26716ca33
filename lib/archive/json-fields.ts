import { isObject, type Json } from "../domain/json.ts";

export type Fields = { readonly [key: string]: Json };

/** Gives the fields of an object, and no fields for any other value. */
export const fieldsOf = (value: Json | undefined): Fields => (isObject(value) ? value : {});

/** Gives the items of a list, and no items for any other value. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : [];

/** Gives a text that is not blank, and undefined for any other value. */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

/** Tells whether a value is JSON, but neither a list nor an object. */
export const isScalar = (value: Json | undefined): value is string | number | boolean | null =>
  value !== undefined && (value === null || typeof value !== "object");

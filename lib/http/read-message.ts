import type * as z from "zod";
import { Problem } from "../domain/problem.ts";
import { parse } from "./parse.ts";

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("malformed-json", "The message is not valid JSON.", { cause });
  }
};

/** @throws Problem `malformed-json`, `invalid-request` */
export const readMessage = <S extends z.ZodType>(schema: S, text: string | undefined) =>
  parse(schema, parseJson(text ?? ""));

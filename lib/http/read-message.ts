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

/**
 * Reads a message of a socket.
 *
 * @throws Problem `malformed-json`, or `invalid-request` with a pointer for each bad field
 */
export const readMessage = <S extends z.ZodType>(schema: S, text: string | undefined) =>
  parse(schema, parseJson(text ?? ""));

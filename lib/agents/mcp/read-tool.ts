import { truncate } from "../../domain/common.ts";
import { isObject, Json, jsonByteLength, wellFormed } from "../../domain/json.ts";
import { withoutImpossible } from "./possible-schema.ts";

/** A tool of a server, with what could be read of it. */
export type McpTool = {
  name: string;
  description: string;
  inputSchema: { [key: string]: unknown };
  /** The server says that it changes nothing. */
  isReadOnly: boolean;
  /** A second call with the same input does no harm. */
  isRepeatable: boolean;
};

/** A tool, and what was mended of it; or why it is left out. Each in words for a person. */
export type ReadTool = { tool: McpTool; mended: string[] } | { leftOut: string };

/** Characters of a tool's name. */
const maxName = 256;
/** Characters of a tool's description: what is more costs tokens with every call. */
const maxDescription = 10_000;
/** Bytes of a tool's schema. */
const maxSchemaBytes = 100_000;

const shown = (value: unknown): string =>
  truncate(typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"), 60);

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "";

const descriptionOf = (given: { [key: string]: unknown }, name: string): string => {
  const { description, title, annotations } = given;
  const found = [description, title, Object(annotations).title].find(isText) ?? name;
  return found.length > maxDescription ? `${found.slice(0, maxDescription)} […]` : found;
};

/** Whether a schema says that the input is no object: a tool's input always is one. */
const takesNoObject = ({ type }: { [key: string]: unknown }): boolean => {
  const types = [type].flat().filter((one) => typeof one === "string");
  return types.length > 0 && !types.some((one) => one.toLowerCase() === "object");
};

const inputOf = (
  given: unknown,
): { inputSchema: McpTool["inputSchema"]; mended: string[] } | { leftOut: string } => {
  if (!isObject(given)) {
    return {
      inputSchema: { type: "object" },
      mended: ["has no schema for its input: it takes any"],
    };
  }
  if (!Json.safeParse(given).success) return { leftOut: "its schema is nested too deep" };
  if (jsonByteLength(given) > maxSchemaBytes) {
    return { leftOut: `its schema is larger than ${maxSchemaBytes} bytes` };
  }
  if (takesNoObject(given)) return { leftOut: "its input is no object" };
  const inputSchema = withoutImpossible(wellFormed(given));
  const isSame = JSON.stringify(inputSchema) === JSON.stringify(wellFormed(given));
  return { inputSchema, mended: isSame ? [] : ["requires what its schema does not allow"] };
};

/** Names the fields that have another type than they should, and are not needed. */
const mendedFields = ({ description, annotations }: { [key: string]: unknown }): string[] => [
  ...(description === undefined || typeof description === "string"
    ? []
    : ["its description cannot be read"]),
  ...(annotations === undefined || annotations === null || isObject(annotations)
    ? []
    : ["its annotations cannot be read"]),
];

const needsTask = ({ execution }: { [key: string]: unknown }): boolean =>
  Object(execution).taskSupport === "required";

/** Reads one entry of a server's list of tools. What is wrong and not needed is mended; a tool that cannot be used is left out. */
export const readTool = (given: unknown): ReadTool => {
  if (!isObject(given)) return { leftOut: `${shown(given)} (no tool)` };
  const { name } = given;
  if (!isText(name)) return { leftOut: `a tool without a name (${shown(name)})` };
  if (name.length > maxName || !name.isWellFormed()) {
    return { leftOut: `${shown(name)} (its name cannot be used)` };
  }
  if (needsTask(given)) return { leftOut: `${shown(name)} (it runs only as a task of the server)` };
  const input = inputOf(given.inputSchema);
  if ("leftOut" in input) return { leftOut: `${shown(name)} (${input.leftOut})` };
  const { readOnlyHint, idempotentHint } = Object(given.annotations) as Record<string, unknown>;
  const isReadOnly = readOnlyHint === true;
  return {
    tool: {
      name,
      description: descriptionOf(given, name).toWellFormed(),
      inputSchema: input.inputSchema,
      isReadOnly,
      isRepeatable: isReadOnly || idempotentHint === true,
    },
    mended: [...mendedFields(given), ...input.mended].map((text) => `${shown(name)}: ${text}`),
  };
};

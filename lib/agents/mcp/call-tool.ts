import { isObject } from "../../domain/json.ts";
import { McpFailure } from "./mcp-failure.ts";
import { paramHeaders } from "./param-headers.ts";
import { type McpToolAnswer, readToolResult } from "./read-content.ts";
import type { McpTool } from "./read-tool.ts";
import type { McpSession } from "./session.ts";

const wantsInput = (result: unknown): boolean =>
  isObject(result) && result.resultType === "input_required";

/**
 * Calls a tool of a server.
 *
 * @throws McpFailure when there is no result; its `wasNotDone` says whether the tool has surely not run
 */
export const callTool = async (
  session: McpSession,
  tool: McpTool,
  input: { [key: string]: unknown },
  signal: AbortSignal,
): Promise<McpToolAnswer> => {
  const { name, inputSchema, isRepeatable } = tool;
  const headers = session.isStateless() ? paramHeaders(inputSchema, input) : {};
  const params = { name, arguments: input };
  const request = { method: "tools/call", params, headers, isRepeatable, signal };
  const result = await session.request(request);
  if (!wantsInput(result)) return readToolResult(result);
  const said = "The tool asks for more input from a person, which it cannot get here.";
  throw new McpFailure("refused", { said, wasNotDone: true });
};

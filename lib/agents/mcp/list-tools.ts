import { isObject } from "../../domain/json.ts";
import { McpFailure } from "./mcp-failure.ts";
import { type McpTool, readTool } from "./read-tool.ts";
import type { McpSession } from "./session.ts";

/** Tools that are read from one server, and pages of its list. More would not help a model. */
const maxTools = 500;
const maxPages = 50;

/** A server's tools, and what was wrong with its list, in words for a person. */
export type McpList = { tools: McpTool[]; notes: string[] };

type Page = { entries: unknown[]; cursor: string | null; notes: string[] };

const methodNotFound = -32_601;

const entriesIn = (tools: unknown): { entries: unknown[]; notes: string[] } => {
  if (Array.isArray(tools)) return { entries: tools, notes: [] };
  if (tools === undefined || tools === null) return { entries: [], notes: ["its list is empty"] };
  return { entries: [], notes: ["a page of its list cannot be read"] };
};

const readPage = (result: unknown): Page => {
  if (!isObject(result)) {
    return { entries: [], cursor: null, notes: ["a page of its list cannot be read"] };
  }
  const { tools, nextCursor } = result;
  const cursor = typeof nextCursor === "number" ? String(nextCursor) : nextCursor;
  const isCursor = typeof cursor === "string" && cursor !== "";
  const isEnd = cursor === undefined || cursor === null || cursor === "";
  const { entries, notes } = entriesIn(tools);
  return {
    entries,
    cursor: isCursor ? cursor : null,
    notes: [...notes, ...(isCursor || isEnd ? [] : ["the cursor to its next page cannot be read"])],
  };
};

/** Reads one page. A server without the method has no tools; of a later page's failure only what came before is used. */
const fetchPage = async (
  session: McpSession,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page> => {
  const params = cursor === null ? {} : { cursor };
  const request = { method: "tools/list", params, isRepeatable: true, signal };
  try {
    return readPage(await session.request(request));
  } catch (error) {
    if (!(error instanceof McpFailure)) throw error;
    if (cursor === null && error.rpcCode !== methodNotFound) throw error;
    const note = cursor === null ? "it has no tools" : `its list broke off: it ${error.message}`;
    return { entries: [], cursor: null, notes: [note] };
  }
};

const readEntries = (entries: readonly unknown[], notes: string[]): McpTool[] => {
  const tools = new Map<string, McpTool>();
  for (const read of entries.map(readTool)) {
    if ("leftOut" in read) notes.push(`left out ${read.leftOut}`);
    else if (tools.has(read.tool.name)) notes.push(`left out a second ${read.tool.name}`);
    else {
      tools.set(read.tool.name, read.tool);
      notes.push(...read.mended);
    }
  }
  return [...tools.values()];
};

type Pages = { entries: unknown[]; notes: string[]; seen: Set<string> };

/** Says why the list is read no further than a page with this cursor; null when it is. */
const endAt = (cursor: string, { entries, seen }: Pages): string | null => {
  if (seen.has(cursor)) return "its list repeats itself: read to the repetition";
  if (seen.size + 1 < maxPages && entries.length < maxTools) return null;
  return `its list has more than ${maxTools} tools or ${maxPages} pages: the rest is left out`;
};

const readPages = async (session: McpSession, signal: AbortSignal): Promise<Pages> => {
  const pages: Pages = { entries: [], notes: [], seen: new Set() };
  for (let next: string | null = null; ; ) {
    const { entries, notes, cursor }: Page = await fetchPage(session, next, signal);
    pages.entries.push(...entries);
    pages.notes.push(...notes);
    if (cursor === null) return pages;
    const end = endAt(cursor, pages);
    if (end) return { ...pages, notes: [...pages.notes, end] };
    pages.seen.add(cursor);
    next = cursor;
  }
};

/**
 * Reads all pages of a server's list of tools. It stops at a cursor that it has had before.
 *
 * @throws McpFailure when the first page cannot be had
 */
export const listTools = async (session: McpSession, signal: AbortSignal): Promise<McpList> => {
  const { entries, notes } = await readPages(session, signal);
  return { tools: readEntries(entries.slice(0, maxTools), notes), notes };
};

import type { WireObject } from "./reader.ts";
import { indexIn, inputIn, isJson, objectIn, wordIn } from "./values.ts";

/** A piece of a tool call as the SDK reads it: the first one has the name. */
export type ChatCall = {
  index: number;
  id?: string | undefined;
  type: "function";
  function: { name?: string | undefined; arguments: string };
};

type OpenCall = {
  index: number;
  /** The index that the server gives. */
  theirs: number | undefined;
  id: string | undefined;
  name: string | undefined;
  /** The input so far. */
  input: string;
  isSent: boolean;
};

type Piece = Pick<OpenCall, "theirs" | "id" | "name" | "input"> & { isWhole: boolean };

const pieceOf = (call: WireObject): Piece => {
  const inner = objectIn(call.function ?? call.custom ?? call);
  const input = inner.arguments ?? inner.input ?? inner.parameters;
  return {
    theirs: indexIn(call.index),
    id: wordIn(call.id) ?? wordIn(call.call_id),
    name: wordIn(inner.name),
    input: inputIn(input),
    isWhole: typeof input === "object",
  };
};

/** Whether a piece with a name begins another call than the one it could belong to. */
const isNext = (call: OpenCall, { id, name }: Piece): boolean =>
  name !== undefined &&
  call.name !== undefined &&
  (name !== call.name ||
    isJson(call.input) ||
    (id !== undefined && call.id !== undefined && id !== call.id));

/** Finds the call that a piece goes on with: by its id, by its index, otherwise the last one. */
const findCall = (calls: readonly OpenCall[], piece: Piece): OpenCall | undefined => {
  const byId = piece.id && calls.findLast(({ id }) => id === piece.id);
  const byIndex =
    piece.theirs !== undefined && calls.findLast(({ theirs }) => theirs === piece.theirs);
  const found =
    byId || byIndex || (piece.id || piece.theirs !== undefined ? undefined : calls.at(-1));
  return found && !isNext(found, piece) ? found : undefined;
};

const addCall = (calls: OpenCall[], { theirs, id, name }: Piece): OpenCall => {
  const isTaken = calls.some((call) => call.id === id);
  const call: OpenCall = {
    ...{ index: calls.length, theirs, name, input: "", isSent: false },
    id: isTaken ? undefined : id,
  };
  calls.push(call);
  return call;
};

const write = (call: OpenCall, added: string): ChatCall => {
  const isFirst = !call.isSent;
  call.isSent = true;
  return {
    index: call.index,
    type: "function",
    ...(isFirst && { id: call.id }),
    function: { ...(isFirst && { name: call.name }), arguments: isFirst ? call.input : added },
  };
};

/** Puts the pieces of tool calls together that come without index, id or type, or with the same for several calls. */
export const openChatCalls = () => {
  const calls: OpenCall[] = [];
  return {
    read: (delta: WireObject): ChatCall[] => {
      const piece = pieceOf(delta);
      if (!piece.id && !piece.name && !piece.input) return [];
      const call = findCall(calls, piece) ?? addCall(calls, piece);
      call.id ??= piece.id;
      call.name ??= piece.name;
      // An input that comes as an object is whole: a server that sends it again adds nothing.
      const added = piece.isWhole && call.input ? "" : piece.input;
      call.input += added;
      return call.name === undefined ? [] : [write(call, added)];
    },
    count: () => calls.filter(({ isSent }) => isSent).length,
    /** Whether there are calls, and each has its whole input. */
    areWhole: () => calls.length > 0 && calls.every(({ input, isSent }) => isSent && isJson(input)),
  };
};

import { expect, test } from "vitest";
import type { SourceCode } from "../../../../lib/agents/contents/source-code.ts";
import type { ContextItem } from "../../../../lib/agents/context.ts";
import { completeSource } from "../../../../lib/agents/edits/complete-source.ts";
import { type EditedSource, SourceReply } from "../../../../lib/agents/edits/source-edits.ts";
import { anItem } from "../builders.ts";
import { anAnswer, talk } from "../models/converse.ts";

const reply = {
  title: "Cookbook",
  summary: "Search mended.",
  changes: [{ file: "a.ts", requirement: null, change: "Search", reason: "It found nothing." }],
  notes: [],
  feedback: [],
};
const aFile = (content: string) => ({ path: "a.ts", language: "ts", content });
const edits = [{ edit: "replace" as const, path: "a.ts", search: "one", replace: "two" }];

const source = (context_id: string, day: number, content: unknown) =>
  anItem({
    context_id,
    artifact_type: "source_code",
    version: day,
    updated_at: `2030-01-0${day}T00:00:00.000Z`,
    content,
  });

const contextOf = (items: readonly ContextItem[]) => ({
  list: async () => [...items],
  read: async (id: string) => items.find(({ context_id }) => context_id === id) ?? null,
});

type Fields = Pick<SourceCode, "files"> | Pick<EditedSource, "edits">;

const complete = (items: readonly ContextItem[], fields: Fields) =>
  completeSource(
    { context: { ...contextOf(items), write: async () => "" } },
    { ...reply, ...fields },
  );

test("edits are made to the newest version, and the artifact says to which", async () => {
  const versions = [
    source("new", 3, { files: [aFile("one")] }),
    source("old", 2, { files: [aFile("zero")] }),
  ];
  expect(await complete(versions, { edits })).toEqual({
    content: { ...reply, files: [aFile("two")] },
    edited_from: { context_id: "new", version: 3, edits: 1 },
  });
});

test("a person's files may have no language", async () => {
  const content = { files: [{ path: "a.ts", content: "one" }] };
  expect(await complete([source("c", 1, content)], { edits })).toMatchObject({
    content: { files: [{ path: "a.ts", language: "text", content: "two" }] },
  });
});

test("all files are taken as they are", async () => {
  const files = [aFile("all")];
  expect(await complete([], { files })).toEqual({ content: { ...reply, files } });
});

test.each([
  { name: "no version", items: [], fields: { edits }, problem: "there is none" },
  {
    name: "a version without files",
    items: [source("c", 1, "as before")],
    fields: { edits },
    problem: "there is none",
  },
  {
    name: "an edit that does not apply",
    items: [source("c", 1, { files: [aFile("zero")] })],
    fields: { edits },
    problem: "`search` is not in it",
  },
])("$name is a problem", async ({ items, fields, problem }) => {
  expect(await complete(items, fields)).toEqual({ problems: expect.stringContaining(problem) });
});

test("an edit that does not apply is repaired, with what is wrong with it", async () => {
  const items = [source("c", 1, { files: [aFile("one")] })];
  const wrong = [{ ...edits[0], search: "uno" }];
  const { result, asked } = await talk(
    [anAnswer({ content: { ...reply, edits: wrong } }), anAnswer({ content: { ...reply, edits } })],
    {
      content: SourceReply,
      complete: (content) =>
        completeSource(
          { context: { ...contextOf(items), write: async () => "" } },
          content as SourceReply,
        ),
    },
  );
  expect(asked[1]?.messages.at(-1)?.content).toContain("edits[0] (replace a.ts): `search`");
  expect(result).toMatchObject({
    content: { files: [aFile("two")] },
    metadata: { edited_from: { version: 1 } },
  });
});

test.each([
  { name: "of files", content: { ...reply, files: [{ path: "a" }] }, says: "at files[0].content" },
  { name: "of edits", content: { ...reply, edits: [{ path: "a" }] }, says: "at edits[0].edit" },
  { name: "without both", content: reply, says: "at files" },
])("what is wrong with a reply $name is said", ({ content, says }) => {
  expect(SourceReply.safeParse(content).error?.issues[0]?.message).toContain(says);
});

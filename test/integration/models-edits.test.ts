import { expect, test } from "vitest";
import { instanceOf } from "../providers/instance-of.ts";
import type { Json, Script } from "../providers/wire.ts";
import { answering, good, startModels } from "../support/models-backend.ts";

/** Answers by edits wherever the schema takes them. */
const editing: Script = (call, index) => {
  if (!JSON.stringify(call.schema).includes('"edits"')) return good(call, index);
  const { content } = instanceOf(call.schema ?? {}) as { content: Json & { files: unknown } };
  const { files, ...rest } = content;
  const edits = [
    { edit: "write", path: "NOTES.md", content: "Added." },
    { edit: "replace", path: "NOTES.md", search: "Added", replace: "Mended" },
  ];
  return answering({ content: { ...rest, edits } })(call, index);
};

test.each([{ AGENT_MODELS: "*=openai" }, { AGENT_MODELS: "*=google" }])(
  "a coder on %o mends code by edits, and the artifact has all files",
  async (env) => {
    await using backend = await startModels(editing, env);
    const { on } = backend;
    const { id } = await on.project({ workflow: "sdlc", oversight_level: "low" });
    await backend.work();
    const { tasks } = await backend.look(id);
    const sources = tasks.filter(({ output }) => output?.artifact_type === "source_code");
    const { context_id } = sources[0]?.output ?? { context_id: "" };
    const versions = await Promise.all(
      [1, 2].map((version) => backend.artifact(context_id, version)),
    );
    const [first, second] = versions.map(({ content }) => (content as { files: Json[] }).files);
    expect(first).toHaveLength(1);
    expect(second).toEqual([
      ...(first ?? []),
      { path: "NOTES.md", language: "text", content: "Mended." },
    ]);
    expect(versions[1]?.artifact_metadata).toMatchObject({
      edited_from: { context_id, version: 1, edits: 2 },
    });
    expect(backend.providers.refusals).toEqual([]);
  },
);

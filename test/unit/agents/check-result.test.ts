import { expect, test } from "vitest";
import { checkResult } from "../../../lib/agents/context.ts";

test("half surrogate pairs in what an agent gives are replaced, in texts and in field names", () => {
  const file = { path: "a\ud83d.ts", content: "let x = '\udc4d';" };
  const output = { kind: "output", confidence: 1, summary: "\ud83d" };
  const content = { files: [file], "\ud83d": "👍" };
  expect(checkResult({ ...output, content, metadata: { by: "\ud83d" } })).toEqual({
    ...output,
    summary: "\ufffd",
    content: {
      files: [{ path: "a\ufffd.ts", content: "let x = '\ufffd';" }],
      "\ufffd": "👍",
    },
    metadata: { by: "\ufffd" },
  });
});

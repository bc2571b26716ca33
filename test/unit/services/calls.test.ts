import { expect, test } from "vitest";
import { exportCalls } from "../../../lib/services/projects/calls.ts";
import { aCall } from "../../support/backend.ts";
import { aCallRecord, anId, aProject } from "../../support/builders.ts";

test("more calls than one file holds are refused after the pages that fill it", async () => {
  const page = { items: Array.from({ length: 1_000 }, () => aCallRecord()), last: "more" };
  let pages = 0;
  const deps = {
    loadProject: async () => aProject(),
    listProjectCalls: async () => {
      pages += 1;
      return page;
    },
  };
  await expect(exportCalls(deps, aCall(), { project_id: anId(1) })).rejects.toMatchObject({
    code: "too-large",
    extensions: { max_bytes: 4_000_000 },
  });
  expect(pages).toBeGreaterThan(10);
  expect(pages).toBeLessThan(30);
});

import { expect, test } from "vitest";
import { respondRoute } from "../../../lib/http/routes/hitl.ts";

const { body } = respondRoute.request.shape;

test.each([null, true, [1]])("an amendment with %j is told what it may be", (content) => {
  const { error } = body.safeParse({ action: "amend", content });
  expect(error?.issues).toMatchObject([
    { path: ["content"], message: "Must be a text, a number or an object" },
  ]);
});

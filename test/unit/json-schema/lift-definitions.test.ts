import { expect, test } from "vitest";
import { liftDefinitions } from "../../../lib/json-schema/lift-definitions.ts";

const root = (content: unknown) => ({ type: "object", properties: { content, other: {} } });

test("definitions move to the root, and references follow", () => {
  const content = {
    properties: {
      a: { $ref: "#/$defs/a" },
      b: { $ref: "#/definitions/b/items" },
      inner: { $ref: "#" },
      again: { $ref: "#/properties/a" },
      word: { enum: [{ $ref: "#" }] },
      else: { $ref: "https://example.com/x" },
    },
    $defs: { a: { items: { $ref: "#/definitions/b" } } },
    definitions: { b: { items: {} } },
  };
  expect(liftDefinitions(root(content), "content")).toEqual({
    ...root({
      properties: {
        a: { $ref: "#/$defs/a" },
        b: { $ref: "#/$defs/b/items" },
        inner: { $ref: "#/properties/content" },
        again: { $ref: "#/properties/content/properties/a" },
        word: { enum: [{ $ref: "#" }] },
        else: { $ref: "https://example.com/x" },
      },
    }),
    $defs: { a: { items: { $ref: "#/$defs/b" } }, b: { items: {} } },
  });
});

test("a schema without definitions stays as it is", () => {
  const written = root({ type: "string" });
  expect(liftDefinitions(written, "content")).toEqual(written);
});

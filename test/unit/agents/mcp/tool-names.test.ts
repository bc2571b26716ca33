import { expect, test } from "vitest";
import { exposedNames } from "../../../../lib/agents/mcp/tool-names.ts";

const exposed = (...names: string[]) => [...exposedNames(names).values()];

test.each([
  ["docs__search", "docs__search"],
  ["docs__look.up/now", "docs__look_up_now"],
  ["7z__pack", "_7z__pack"],
  ["-x__y", "_-x__y"],
])("%s is called %s", (name, expected) => {
  expect(exposed(name)).toEqual([expected]);
});

const long = `docs__${"a".repeat(70)}`;

test.each([
  { name: "alike after 64 characters", names: [`${long}_one`, `${long}_two`] },
  { name: "alike after dots", names: ["docs__a.b", "docs__a_b", "docs__a/b"] },
  { name: "in letters that providers refuse", names: ["docs__検索", "docs__翻訳", "docs__suché"] },
  { name: "alike after emoji", names: ["docs__🔍", "docs__🔎"] },
  { name: "of two servers", names: ["a.b__c", "a_b__c"] },
])(
  "names $name are distinct, accepted by every provider, and the same in every order",
  ({ names }) => {
    const found = exposed(...names);
    expect(new Set(found).size).toBe(names.length);
    for (const name of found) expect(name).toMatch(/^[A-Za-z_][\w-]{0,63}$/);
    expect(exposed(...names.toReversed())).toEqual(found.toReversed());
  },
);

test("a name that is right as it is stays, whatever else there is", () => {
  expect(exposed("docs__a.b", "docs__a_b")[1]).toBe("docs__a_b");
});

test("a name of other letters does not depend on what else there is", () => {
  expect(exposed("docs__検索")).toEqual(exposed("docs__検索", "docs__翻訳").slice(0, 1));
});

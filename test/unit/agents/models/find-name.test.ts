import { expect, test } from "vitest";
import { findName } from "../../../../lib/agents/models/find-name.ts";

const names = [
  "src/main.ts",
  "src/Menü.ts".normalize("NFD"),
  "README.md",
  "lib/a b.ts",
  "A.ts",
  "a.ts",
  "src/util/index.ts",
  "index.ts",
];
const menu = "src/Menü.ts".normalize("NFD");

test.each([
  { asked: "src/main.ts", name: "src/main.ts" },
  { asked: "./src/main.ts", name: "src/main.ts" },
  { asked: "/src/main.ts", name: "src/main.ts" },
  { asked: "src//main.ts", name: "src/main.ts" },
  { asked: "src\\main.ts", name: "src/main.ts" },
  { asked: ".\\src\\main.ts", name: "src/main.ts" },
  { asked: "src/x/../main.ts", name: "src/main.ts" },
  { asked: " src/main.ts \n", name: "src/main.ts" },
  { asked: "`src/main.ts`", name: "src/main.ts" },
  { asked: "src/Menü.ts".normalize("NFC"), name: menu },
  { asked: "src/MENÜ.ts", name: menu },
  { asked: "readme.md", name: "README.md" },
  { asked: "lib/a b.ts", name: "lib/a b.ts" },
  { asked: "a.ts", name: "a.ts" },
  { asked: "A.ts", name: "A.ts" },
  { asked: "index.ts", name: "index.ts" },
])("$asked means $name", ({ asked, name }) => {
  expect(findName(asked, names)).toEqual({ name });
});

test.each([
  { asked: "main.ts", near: ["src/main.ts"] },
  { asked: "src/mian.ts", near: ["src/main.ts"] },
  { asked: "src/main.js", near: ["src/main.ts"] },
  { asked: "util", near: ["src/util/index.ts"] },
  { asked: "web/README.md", near: ["README.md"] },
  { asked: "nothing-like-it.py", near: [] },
  { asked: "", near: [] },
])("$asked means none, and these are near: $near", ({ asked, near }) => {
  expect(findName(asked, names)).toEqual({ near });
});

test("of names that differ only in case, none is guessed", () => {
  expect(findName("x/READ.md", ["x/Read.md", "x/read.MD"])).toEqual({
    near: ["x/Read.md", "x/read.MD"],
  });
});

import { describe, expect, test } from "vitest";
import { fold } from "../../../lib/archive/safe-name.ts";
import { placeFiles } from "../../../lib/archive/source-paths.ts";
import { randomOf } from "../../support/random.ts";

const place = (original: string) => placeFiles([original])[0];

test.each([
  ["src/index.ts", "src/index.ts"],
  [".github/workflows/check.yml", ".github/workflows/check.yml"],
  [".gitignore", ".gitignore"],
  ["Über uns/größe (1).md", "Über uns/größe (1).md"],
  ["a".repeat(120), "a".repeat(120)],
])("%j stays as it is", (original, path) => {
  expect(place(original)).toBe(path);
});

test.each([
  ["../../etc/passwd", "etc/passwd"],
  ["src/../../../x.ts", "x.ts"],
  ["src/../test/x.ts", "test/x.ts"],
  ["/etc/passwd", "etc/passwd"],
  ["//server/share/x", "server/share/x"],
  ["./src//x.ts", "src/x.ts"],
  ["src/./x.ts/", "src/x.ts"],
  ["src\\lib\\x.ts", "src/lib/x.ts"],
  ["..\\..\\x.ts", "x.ts"],
  ["C:\\work\\x.ts", "work/x.ts"],
  ["c:/work/x.ts", "work/x.ts"],
  ["C:x.ts", "C_x.ts"],
  ["x.ts:stream", "x.ts_stream"],
  ["a\0b.ts", "a_b.ts"],
  ["a\r\nb\t.ts", "a__b_.ts"],
  ["photo\u202egpj.exe", "photo_gpj.exe"],
  ["a\ud800b", "a_b"],
  ['a<b>c"d|e?f*g', "a_b_c_d_e_f_g"],
  ["dots...", "dots"],
  ["spaces   /x. .", "spaces/x"],
  [" x.ts", "x.ts"],
  ["... /x", "_/x"],
  [".. /x", "_/x"],
  ["con", "_con"],
  ["src/NUL.txt", "src/_NUL.txt"],
  ["Com1.tar.gz", "_Com1.tar.gz"],
  ["lpt¹", "_lpt¹"],
  ["console.ts", "console.ts"],
  [".git/hooks/post-checkout", "_.git/hooks/post-checkout"],
  [".GIT/config", "_.GIT/config"],
  ["GIT~1/config", "_GIT~1/config"],
  ["cafe\u0301.md", "café.md"],
  ["", "_"],
  ["/", "_"],
  ["..", "_"],
])("%j becomes %j", (original, path) => {
  expect(place(original)).toBe(path);
});

test.each([
  ["a long name keeps its ending", `${"a".repeat(150)}.test.ts`, /^a{108}-[0-9a-f]{8}\.ts$/],
  ["a long ending is part of the name", `x.${"e".repeat(150)}`, /^x\.e{109}-[0-9a-f]{8}$/],
  ["bytes count, not characters", "字".repeat(60), /^字{37}-[0-9a-f]{8}$/],
  [
    "a long path is kept by its name",
    `${"folder/".repeat(40)}x.ts`,
    /^_long\/[0-9a-f]{16}\/x\.ts$/,
  ],
  ["a deep path too", `${"a/".repeat(21)}x.ts`, /^_long\/[0-9a-f]{16}\/x\.ts$/],
])("%s", (_, original, path) => {
  expect(place(original)).toMatch(path);
});

const foldersOf = (path: string) =>
  path.split("/").map((_, n, names) => names.slice(0, n).join("/"));

describe("of several files", () => {
  test.each([
    { name: "one name", given: ["x.ts", "x.ts", "x.ts"], paths: ["x.ts", "x-2.ts", "x-3.ts"] },
    {
      name: "one name in other cases",
      given: ["Readme.md", "README.MD"],
      paths: ["Readme.md", "README-2.MD"],
    },
    { name: "one name in two forms", given: ["é", "e\u0301"], paths: ["é", "é-2"] },
    { name: "names that become one", given: ["a?", "a*", "a_"], paths: ["a_", "a_-2", "a_-3"] },
    {
      name: "a number that is taken",
      given: ["x.ts", "x-2.ts", "x.ts"],
      paths: ["x.ts", "x-2.ts", "x-3.ts"],
    },
    {
      name: "a file that is a folder, too",
      given: ["lib", "lib/x.ts"],
      paths: ["lib-2", "lib/x.ts"],
    },
    { name: "a folder in another case", given: ["lib/x.ts", "LIB"], paths: ["lib/x.ts", "LIB-2"] },
    { name: "endings of one letter", given: ["../a", "a", "/a"], paths: ["a", "a-2", "a-3"] },
  ])("$name", ({ given, paths }) => {
    expect(placeFiles(given)).toEqual(paths);
  });

  test("thousands with one name are placed in no time", () => {
    const paths = placeFiles(Array.from({ length: 5_000 }, () => "src/x.ts"));
    expect(new Set(paths).size).toBe(5_000);
    expect(paths.at(-1)).toBe("src/x-5000.ts");
  });

  const pieces = [
    "..",
    ".",
    "/",
    "\\",
    "a",
    "A",
    "é",
    "e\u0301",
    "\0",
    " ",
    "con",
    ".git",
    "C:",
    "x".repeat(130),
    "\u202e",
    "\ud800",
    "😀",
    "|",
  ];

  test.each([1, 2, 3, 4, 5, 6])("whatever they are called, all is safe: %i", (seed) => {
    const random = randomOf(seed);
    const one = () => pieces[Math.floor(random() * pieces.length)] ?? "";
    const given = Array.from({ length: 300 }, () =>
      Array.from({ length: 1 + Math.floor(random() * 8) }, one).join(random() < 0.5 ? "/" : ""),
    );
    const paths = placeFiles(given);
    const folded = paths.map(fold);
    const folders = new Set(folded.flatMap(foldersOf));
    expect(paths).toHaveLength(given.length);
    expect(new Set(folded).size).toBe(given.length);
    expect(folded.filter((path) => folders.has(path))).toEqual([]);
    for (const path of paths) {
      expect(path).toBe(path.normalize("NFC"));
      expect(Buffer.byteLength(path)).toBeLessThan(210);
      for (const name of path.split("/")) {
        expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]+$/u);
        expect(name).not.toMatch(/^\.{1,2}$|[. ]$|^(con|\.git)$/i);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
      }
    }
    expect(placeFiles(given)).toEqual(paths);
  });
});

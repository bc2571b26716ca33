import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { layOut } from "../../../lib/archive/layout.ts";
import { zip } from "../../../lib/archive/zip.ts";
import { aProject } from "../../support/builders.ts";
import { file, given, sources } from "./builders.ts";

const made = () =>
  layOut({
    log: { events: [], isWhole: true },
    project: aProject(),
    artifacts: [
      sources(file("größe.ts", "let x;"), file("2", "b"), file("1", "a")),
      given("user_input", 7),
    ],
  });

test("holds every file in its order", () => {
  const { files } = made();
  const entries = Object.entries(unzipSync(zip(files)));
  expect(entries.map(([path, data]) => [path, Buffer.from(data).toString()])).toEqual(
    files.map(({ path, data }) => [path, Buffer.from(data).toString()]),
  );
});

test("has no instant and no rights but the fixed ones", () => {
  const bytes = Buffer.from(zip(made().files));
  const directory = bytes.readUInt32LE(bytes.length - 6);
  expect(bytes.readUInt32LE(directory)).toBe(0x02014b50);
  expect(bytes.readUInt16LE(directory + 12)).toBe(12 << 11); // DOS time: noon
  expect(bytes.readUInt16LE(directory + 14)).toBe((1 << 5) | 1); // DOS date: 1980-01-01
  expect(bytes.readUInt32LE(directory + 38) >>> 16).toBe(0o100644);
});

const script = `
  import { zip } from "./lib/archive/zip.ts";
  import { createHash } from "node:crypto";
  const data = new TextEncoder().encode("x");
  process.stdout.write(createHash("sha256").update(zip([{ path: "a/b", data }])).digest("hex"));`;

test.each(["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Monrovia"])(
  "has the same bytes in %s",
  (TZ) => {
    const there = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, TZ },
      encoding: "utf8",
    });
    const [first] = made().files;
    if (!first) throw new Error("There is a first file.");
    const here = zip([{ ...first, path: "a/b", data: new TextEncoder().encode("x") }]);
    expect(there).toBe(createHash("sha256").update(here).digest("hex"));
  },
);

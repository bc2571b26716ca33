import { expect, test } from "vitest";
import { readOptions } from "../faults/command/options.ts";

test.each([
  { args: [], work: { kind: "sets", width: "ci" } },
  { args: ["--all"], work: { kind: "sets", width: "night" } },
  { args: ["--seed", "17"], work: { kind: "seeds", from: 17, to: 17 } },
  { args: ["--seeds", "1-300"], work: { kind: "seeds", from: 1, to: 300 } },
  {
    args: ["--at", "40 kill before", "--at", "50 lose all"],
    work: {
      kind: "points",
      name: "full",
      points: [
        { n: 40, fault: "kill before" },
        { n: 50, fault: "lose all" },
      ],
    },
  },
  {
    args: ["--in", "commands", "--at", "3 late"],
    work: { kind: "points", name: "commands", points: [{ n: 3, fault: "late" }] },
  },
  { args: ["--kills", "10"], work: { kind: "kills", count: 10 } },
  { args: ["--guards"], work: { kind: "guards" } },
  { args: ["-h"], work: { kind: "help" } },
])("$args", ({ args, work }) => {
  expect(readOptions(args)).toEqual({ work, trace: false });
});

test.each([
  { args: ["--at", "40 boom"], says: "Not a fault" },
  { args: ["--at", "x late"], says: "Not a number" },
  { args: ["--in", "life", "--at", "4 late"], says: "Not a run" },
  { args: ["--seed", "many"], says: "Not a number" },
  { args: ["--nothing"], says: "Unknown option" },
])("$args is refused", ({ args, says }) => {
  expect(() => readOptions(args)).toThrow(says);
});

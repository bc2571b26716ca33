import { expect, test } from "vitest";
import { readOptions, UsageError } from "../../../localstack/demo/options.ts";
import { projectId } from "./builders.ts";

const ports = { http: 4000, ws: 4001 };
const read = (...argv: string[]) => readOptions(argv, ports);

test("without arguments: the sample, medium, on the ports of the environment", () => {
  expect(read()).toMatchObject({
    url: "http://127.0.0.1:4000",
    ws: "ws://127.0.0.1:4001",
    typedAddresses: "",
    name: "Recipe box",
    description: expect.stringContaining("recipe"),
    isSample: true,
    oversight: "medium",
    project: null,
    yes: false,
    paceMs: null,
  });
});

test.each([
  [["--yes"], { yes: true }],
  [["-y"], { yes: true }],
  [["--name", "Tea"], { name: "Tea", description: "", isSample: false }],
  [["--description", "A shop"], { name: "Recipe box", description: "A shop", isSample: false }],
  [["--oversight", "high"], { oversight: "high" }],
  [["--pace", "0"], { paceMs: 0 }],
  [["--project", projectId], { project: projectId }],
  [
    ["--url", "http://localhost:5000/"],
    { url: "http://localhost:5000", ws: "ws://127.0.0.1:4001" },
  ],
  [
    ["--url", "https://a.example", "--ws", "wss://b.example/dev"],
    { typedAddresses: " --url https://a.example --ws wss://b.example/dev" },
  ],
])("%j gives %j", (argv, fields) => {
  expect(read(...argv)).toMatchObject(fields);
});

test.each([["--help"], ["-h"]])("%s asks for help", (flag) => {
  expect(read(flag)).toBeNull();
});

test.each([
  [["--bogus"], "Unknown option '--bogus'."],
  [["extra"], /Unexpected argument 'extra'/],
  [["--name"], /--name.*argument missing/],
  [["--name", "  "], /--name takes/],
  [["--oversight", "extreme"], /high, medium or low, not "extreme"/],
  [["--pace", "-1"], /--pace/],
  [["--pace", "fast"], /milliseconds/],
  [["--pace", "600001"], /milliseconds/],
  [["--project", "123"], /UUID/],
  [["--project", projectId, "--name", "Tea"], /--project follows/],
  [["--url", "ftp://x"], /--url takes an address/],
  [["--url", "nonsense"], /--url takes an address/],
  [["--ws", "http://127.0.0.1:3001"], /--ws takes an address/],
  [["--url", "https://api.example.com"], /needs its --ws/],
])("%j is refused", (argv, message) => {
  const refused = () => read(...argv);

  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(message);
});

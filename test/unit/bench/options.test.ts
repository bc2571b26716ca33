import { expect, test } from "vitest";
import { readBenchOptions } from "../../../localstack/bench/options.ts";

test.each([
  [[], { runs: 5, stack: null }],
  [["--runs", "12"], { runs: 12, stack: null }],
  [["--url", "http://a/", "--ws", "ws://b"], { runs: 5, stack: { url: "http://a", ws: "ws://b" } }],
  [["--help"], null],
])("%j gives %j", (argv, options) => {
  expect(readBenchOptions(argv)).toEqual(options);
});

test.each([
  [["--runs", "0"], /--runs/],
  [["--runs", "1.5"], /--runs/],
  [["--runs", "many"], /--runs/],
  [["--url", "http://a"], /go together/],
  [["--ws", "ws://b"], /go together/],
  [["--bogus"], /--bogus/],
])("%j is refused", (argv, message) => {
  expect(() => readBenchOptions(argv)).toThrow(message);
});

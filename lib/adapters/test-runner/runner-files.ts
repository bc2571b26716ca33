/**
 * Makes the module that Node starts. It loads all test files in one process, as `node --test` would need child processes for them
 * (and `--test-isolation=none`, which would not, is missing in Node 20).
 */
export const runnerFor = (tests: readonly string[]): string =>
  tests.map((path) => `import ${JSON.stringify(`./${path}`)};\n`).join("");

/** How each line of the reporter begins. */
export const mark = "@case ";

/** A reporter of node:test that prints a line of JSON for each test, and one at the end. */
export const reporter = `const messageOf = (error) => String(error?.cause?.message ?? error?.message ?? "");
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const message = type === "test:pass" ? "" : messageOf(data.details?.error).slice(0, 500);
    yield ${JSON.stringify(mark)} + JSON.stringify({ name: data.name, passed: type === "test:pass", message }) + "\\n";
  }
  yield ${JSON.stringify(mark)} + "end\\n";
}
`;

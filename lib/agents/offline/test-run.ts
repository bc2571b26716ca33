import { SourceCode, type SourceCodeFile } from "../contents/source-code.ts";
import type { Work } from "./brief.ts";
import { newest, newestAs } from "./context.ts";
import { designsUntilNow } from "./design.ts";
import { type Design, differingPaths, trialsOf } from "./program/program.ts";
import { listed } from "./text.ts";

/** What came out of a run of a program's tests, or why there was none. */
export type TestRun =
  | {
      kind: "ran";
      command: string;
      /** The version of Node: "24.1.0". */
      node: string;
      durationMs: number;
      cases: readonly { name: string; passed: boolean; message: string }[];
    }
  | { kind: "not_run"; reason: string };

/**
 * Runs the tests of a program in a folder of its own. It is given only code that the offline agents' templates wrote, as the
 * network cannot be closed for it.
 *
 * @throws the signal's reason when the run is aborted
 */
export type RunTests = (
  files: readonly Pick<SourceCodeFile, "path" | "content">[],
  signal: AbortSignal,
) => Promise<TestRun>;

/** A run, and which requirement each of its cases tries, by the case's name. */
export type TestOutcome = { run: TestRun; trials: ReadonlyMap<string, string> };

export const notRun = (reason: string): TestOutcome => ({
  run: { kind: "not_run", reason },
  trials: new Map(),
});

type OwnCode = { files: readonly SourceCodeFile[]; design: Design };

/**
 * Gives the newest source code with its design, if the templates write every file of it exactly so, whoever stored it. Gives the
 * reason otherwise.
 */
const ownCode = (work: Work): OwnCode | { reason: string } => {
  const files = newestAs(work.request, "source_code", SourceCode)?.files;
  if (!files)
    return {
      reason: newest(work.request, "source_code")
        ? "the source code has not the shape of one"
        : "there is no source code",
    };
  const designs = designsUntilNow(work).map((design) => ({
    design,
    differing: differingPaths(files, design),
  }));
  const found = designs.find(({ differing }) => differing.length === 0);
  if (found) return { files, design: found.design };
  const shown = designs[0]?.differing.slice(0, 3) ?? [];
  return {
    reason: `only code of the offline agents' own templates is run, and they do not write ${listed(shown)} like this`,
  };
};

/** Runs the tests of the newest source code where that is allowed, and tells why not where it is not. */
export const runOwnTests = async (
  work: Work,
  runTests: RunTests | undefined,
  signal: AbortSignal,
): Promise<TestOutcome> => {
  if (!runTests) return notRun("code is run only on the local stack");
  const own = ownCode(work);
  if ("reason" in own) return notRun(own.reason);
  return { run: await runTests(own.files, signal), trials: trialsOf(own.design) };
};

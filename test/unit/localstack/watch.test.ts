import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { watchSources } from "../../../localstack/supervisor/watch.ts";
import { patiently } from "../../support/limits.ts";

const watchFolder = () => {
  const root = mkdtempSync(join(tmpdir(), "watch-"));
  mkdirSync(join(root, "agents"));
  writeFileSync(join(root, "agents/coder.md"), "first");
  const seen: string[] = [];
  const watching = watchSources({ trees: [root], files: [] }, (file) => void seen.push(file));
  const stop = () => {
    watching.close();
    rmSync(root, { recursive: true });
  };
  const addAgent = () => {
    mkdirSync(join(root, "agents/reviewer"));
    writeFileSync(join(root, "agents/reviewer/agent.md"), "new");
  };
  return { root, seen, addAgent, [Symbol.dispose]: stop };
};

const told = (seen: readonly string[], times: number) =>
  vi.waitFor(() => expect(seen).toHaveLength(times), patiently);

test.each(["agents/coder.md", "agents/tester.md", "agents/index.html", "agents/page.css"])(
  "a source that is written: %s",
  async (file) => {
    using watched = watchFolder();
    writeFileSync(join(watched.root, file), "changed");
    await told(watched.seen, 1);
    expect(watched.seen).toEqual([join(watched.root, file)]);
  },
);

test("a definition in a new folder, and in one that was away", async () => {
  using watched = watchFolder();
  watched.addAgent();
  await told(watched.seen, 1);
  rmSync(join(watched.root, "agents/reviewer"), { recursive: true });
  await told(watched.seen, 2);
  watched.addAgent();
  await told(watched.seen, 3);
  writeFileSync(join(watched.root, "agents/reviewer/agent.md"), "changed");
  await told(watched.seen, 4);
});

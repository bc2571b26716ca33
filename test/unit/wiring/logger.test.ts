import { expect, test } from "vitest";
import { keptLog } from "../../support/log-lines.ts";

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("work that runs at the same time does not get the keys of the other", async () => {
  const { logger, lines } = keptLog();
  const handle = (message_id: string) =>
    logger.withKeys({ message_id }, async () => {
      await tick();
      logger.appendKeys({ task_id: `task of ${message_id}` });
      await tick();
      logger.info("done", { n: 1 });
    });
  await logger.withKeys({ correlation_id: "batch" }, () => Promise.all([handle("a"), handle("b")]));
  logger.info("idle");
  const keys = { level: "info", text: "done", n: 1, correlation_id: "batch" };
  expect(lines).toEqual([
    { ...keys, message_id: "a", task_id: "task of a" },
    { ...keys, message_id: "b", task_id: "task of b" },
    { level: "info", text: "idle" },
  ]);
});

test("inner work keeps the keys around it, and gives none back", () => {
  const { logger, lines } = keptLog();
  logger.withKeys({ tenant: "acme", correlation_id: "request" }, () => {
    logger.withKeys({ correlation_id: "task" }, () => {
      logger.appendKeys({ project_id: "p" });
      logger.warn("inner");
    });
    logger.error("outer");
  });
  expect(lines).toEqual([
    { level: "warn", text: "inner", tenant: "acme", correlation_id: "task", project_id: "p" },
    { level: "error", text: "outer", tenant: "acme", correlation_id: "request" },
  ]);
});

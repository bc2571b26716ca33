import { expect, test } from "vitest";
import type { Change } from "../../../lib/domain/change.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import { completeTask } from "../../../lib/domain/task/complete-task.ts";
import { failAttempt } from "../../../lib/domain/task/fail-attempt.ts";
import { reportProgress } from "../../../lib/domain/task/run-task.ts";
import {
  aChange,
  aDelivery,
  aMoment,
  anId,
  aRequest,
  aStepTask,
  aTask,
  atStep,
  aWorkingTask,
} from "../../support/builders.ts";

/** Well-formed text whose unit number `at` is the first half of a character. */
const splitAt = (at: number) => `${"x".repeat(at - 1)}😀${"x".repeat(at)}`;

/** All text of a change, and that of its events. */
const textsOf = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsOf) : [];
};
const written = ({ tasks, requests, events }: Change) => textsOf([tasks, requests, events]);

const step = aStepTask("project_planning");
const asked = aTask({ status: "waiting_for_hitl", pending_request: anId(20) });
const request = aRequest({ question: splitAt(200) });
const reject = { action: "reject", comment: null, content: null } as const;
const failure = (message: string) => ({
  error: { code: "x", message },
  retryable: false,
  reason: "failed" as const,
});

test.each([
  {
    name: "an output's summary",
    change: completeTask(
      step,
      aDelivery({ summary: splitAt(500) }),
      aMoment(),
    )(aChange({ project: atStep(step), tasks: [step] })),
  },
  {
    name: "a message of progress",
    change: reportProgress(
      aWorkingTask(),
      { percentage: 1, message: splitAt(2_000) },
      60_000,
      aMoment(),
    )(aChange({ tasks: [aWorkingTask()] })),
  },
  {
    name: "the question after a failure",
    change: failAttempt(
      aWorkingTask({ name: "Task" }),
      failure(splitAt(4_000 - "Task failed after 1 attempts: ".length)),
      1_000,
      aMoment(),
    )(aChange({ tasks: [aWorkingTask()] })),
  },
  {
    name: "the reason of a halt",
    change: respond(
      request,
      asked,
      reject,
      aMoment(),
    )(aChange({ tasks: [asked], requests: [request] })),
  },
])("$name is not cut in the middle of a character", ({ change }) => {
  expect(written(change).every((text) => text.isWellFormed())).toBe(true);
});

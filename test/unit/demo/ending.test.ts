import { expect, test } from "vitest";
import { endingLines, leavingLines, unansweredLines } from "../../../localstack/demo/ending.ts";
import {
  aCall,
  answered,
  asked,
  completed,
  contextId,
  created,
  logOf,
  moment,
  plainLook,
  projectId,
  started,
  viewOf,
  wrote,
} from "./builders.ts";

const project = {
  id: projectId,
  name: "Tea",
  description: null,
  status: "active",
  oversight_level: "medium",
} as const;
const at = { url: "http://127.0.0.1:4000", look: plainLook };
const begun = {
  event_type: "project_created",
  data: { name: "Tea", workflow: "sdlc", oversight_level: "medium" },
} as const;

test("a complete project ends with its artifacts, its time and where to look", () => {
  const log = [begun, created("a"), started("a"), wrote(2), completed("a"), asked("a")] as const;
  const view = viewOf(logOf(...log, answered("a"), moment("project_completed")));
  const lines = endingLines(project, view, at);

  expect(lines).toContain(
    "  ✔ Tea is complete: 1 task in 7.0 s, 1.0 s of it waiting for decisions",
  );
  expect(lines).toContain("    source_code             v2  coder         2.0 KB  a863060caf7c");
  expect(lines).toContain(
    `    curl -s http://127.0.0.1:4000/api/v1/context/artifacts/${contextId}`,
  );
});

test("what models cost is said, where any were called", () => {
  const call = { event_type: "model_call", data: aCall(0.0125) } as const;
  const view = viewOf(logOf(begun, call, call, wrote(1), moment("project_completed")));
  const lines = endingLines(project, view, at);

  expect(lines).toContainEqual(expect.stringContaining(", $0.0250 for 2 calls of models"));
  expect(lines).toContain(
    `    curl -sOJ http://127.0.0.1:4000/api/v1/artifacts/${projectId}/download`,
  );
});

test("a halted project says why", () => {
  const view = viewOf(logOf(begun, moment("project_halted", "Rejected: no")));

  expect(endingLines(project, view, at)).toContain("  ■ Tea is halted: Rejected: no");
});

test("who leaves learns how to come back", () => {
  const command = `    npm run demo -- --project ${projectId} --url http://x`;

  expect(leavingLines(projectId, " --url http://x")).toContain(command);
  expect(unansweredLines(projectId, { yes: false, typedAddresses: " --url http://x" })).toEqual([
    expect.stringContaining("--yes"),
    command,
    "",
  ]);
  expect(unansweredLines(projectId, { yes: true, typedAddresses: "" })[0]).toContain("without");
});

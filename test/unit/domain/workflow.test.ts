import { expect, test } from "vitest";
import {
  asksHuman,
  findStep,
  firstStep,
  nextStep,
  noWorkflow,
  percentageAt,
  type Step,
} from "../../../lib/domain/workflow/workflow.ts";
import { sdlc, theStep } from "../../support/builders.ts";

/** The contract's table; gates by level of oversight, and per cent when the step begins. */
const rows = [
  [
    "project_planning",
    "Project Planning",
    "discovery",
    "analyst",
    "project_plan",
    "high medium",
    0,
  ],
  [
    "requirements_analysis",
    "Requirements Analysis",
    "plan",
    "analyst",
    "software_specification",
    "high medium",
    11,
  ],
  [
    "architectural_design",
    "Architectural Design",
    "design",
    "architect",
    "system_architecture",
    "",
    22,
  ],
  [
    "implementation_planning",
    "Implementation Planning",
    "design",
    "architect",
    "implementation_plan",
    "high",
    33,
  ],
  ["code_generation", "Code Generation", "build", "coder", "source_code", "", 44],
  ["code_refinement", "Code Refinement", "build", "coder", "source_code", "high", 55],
  ["code_testing", "Code Testing", "validate", "tester", "test_results", "high medium", 66],
  ["deployment", "Deployment", "launch", "deployer", "deployment_log", "", 77],
  ["final_check", "Final Check", "launch", "deployer", "agent_output", "high", 88],
] as const;

const walk = (): Step[] => {
  const steps: Step[] = [];
  for (let step = firstStep(sdlc); step; step = nextStep(sdlc, step)) steps.push(step);
  return steps;
};

test("nine steps, in the contract's order", () => {
  const walked = walk().map((step) => [
    step.key,
    step.name,
    step.phase,
    step.agent_type,
    step.output,
    step.gate.join(" "),
    percentageAt(sdlc, step),
  ]);
  expect(walked).toEqual(rows);
});

test.each([
  { level: "high", gates: 6 },
  { level: "medium", gates: 3 },
  { level: "low", gates: 0 },
] as const)("a clean run stops $gates times at $level", ({ level, gates }) => {
  expect(walk().filter((step) => asksHuman(step, level, 1))).toHaveLength(gates);
});

test("at high there is one gate per phase, at its last step", () => {
  const gated = walk().filter((step) => asksHuman(step, "high", 1));
  expect(gated.map(({ phase }) => phase)).toEqual([
    "discovery",
    "plan",
    "design",
    "build",
    "validate",
    "launch",
  ]);
  for (const step of gated) expect(nextStep(sdlc, step)?.phase).not.toBe(step.phase);
});

test("failed tests lead to Bug Fix, three rounds at most, and back to the tests", () => {
  const fix = theStep("bug_fix");
  expect(theStep("code_testing").on_failed_tests).toEqual({ step: "bug_fix", rounds: 3 });
  expect(fix).toMatchObject({ phase: "validate", agent_type: "coder", output: "source_code" });
  expect(nextStep(sdlc, fix)?.key).toBe("code_testing");
  expect(percentageAt(sdlc, fix)).toBe(66);
  expect(walk()).not.toContain(fix);
});

test.each([
  { level: "high", least: 0.7 },
  { level: "medium", least: 0.56 },
] as const)("below a confidence of $least a person is asked at $level", ({ level, least }) => {
  const ungated = theStep("code_generation");
  expect(asksHuman(ungated, level, least)).toBe(false);
  expect(asksHuman(ungated, level, least - 0.01)).toBe(true);
});

test("no confidence is too low at low", () => {
  expect(sdlc.steps.some((step) => asksHuman(step, "low", 0))).toBe(false);
});

test("there are no steps without a workflow", () => {
  expect(firstStep(noWorkflow)).toBeUndefined();
  expect(findStep(noWorkflow, "code_testing")).toBeUndefined();
  expect(findStep(sdlc, null)).toBeUndefined();
});

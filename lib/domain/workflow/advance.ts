import { refOf } from "../artifact/artifact.ts";
import { apply, type Edit, emit, moveAgent, setProject } from "../change.ts";
import type { Moment, OversightLevel, Phase } from "../common.ts";
import { projectEvent } from "../events.ts";
import { closeProject } from "../project/close-project.ts";
import { openRequest } from "../request/open-request.ts";
import { failureOptions } from "../request/request.ts";
import type { TaskRecord } from "../task/task.ts";
import { failMissingStep } from "./missing-step.ts";
import { scheduleStep } from "./schedule-step.ts";
import { asksHuman, findStep, isUnsure, nextStep, type Step } from "./workflow.ts";

/** Makes the event of a phase that starts or is completed. */
export const phaseEvent = (event: "phase_started" | "phase_completed", phase: Phase) =>
  projectEvent("workflow_event", { event, phase, reason: null });

/**
 * Continues the workflow after a step: schedules the next step, or completes the project after the last one.
 *
 * @throws Problem `conflict` after the last step when the project is closed already
 */
export const continueWorkflow =
  (step: Step, from: TaskRecord, moment: Moment): Edit =>
  (change) => {
    const next = nextStep(change.workflow, step);
    if (!next) {
      const done = emit(phaseEvent("phase_completed", step.phase));
      return apply(
        change,
        done,
        setProject({ step: null, step_task: null }),
        closeProject("complete", null, moment),
      );
    }
    const phaseEvents =
      next.phase === step.phase
        ? []
        : [phaseEvent("phase_completed", step.phase), phaseEvent("phase_started", next.phase)];
    return apply(change, emit(...phaseEvents), scheduleStep(next, from, moment));
  };

type Result = { confidence: number; tests_passed: boolean; open_questions: readonly string[] };

/** Writes what the agent is not sure of, for the question at a gate. Gives an empty text when there is nothing to say. */
const doubtsText = ({ confidence, open_questions }: Result, level: OversightLevel): string => {
  const low = isUnsure(level, confidence)
    ? ` The agent is only ${Math.round(confidence * 100)} % sure of it.`
    : "";
  const open = open_questions.length > 0 ? ` Open questions: ${open_questions.join(" ")}` : "";
  return `${low}${open}`;
};

const askAboutOutput = (step: Step, task: TaskRecord, doubts: string, moment: Moment): Edit => {
  const shown = task.output ? [refOf(task.output)] : [];
  const question = `${step.name} is done (${step.phase}): ${task.output?.summary ?? "no output"}${doubts} May the work go on?`;
  return (change) =>
    apply(
      change,
      openRequest(task, { kind: "gate", question, options: [], context: shown }, moment),
      moveAgent(task, "wait", moment),
    );
};

const askAboutTests = (step: Step, task: TaskRecord, runs: number, moment: Moment): Edit => {
  const question = `${step.name}: the tests still fail after ${runs} runs. ${task.output?.summary ?? ""} Try another fix, go on as it is, or cancel the project?`;
  const context = task.output ? [refOf(task.output)] : [];
  return (change) =>
    apply(
      change,
      openRequest(task, { kind: "tests", question, options: failureOptions, context }, moment),
      moveAgent(task, "wait", moment),
    );
};

/** Schedules the fixing step after failed tests, or asks a person when the fix rounds are used up. */
const afterFailedTests =
  (step: Step, task: TaskRecord, moment: Moment): Edit =>
  (change) => {
    const runs = change.project.failed_test_runs + 1;
    const rounds = (step.on_failed_tests?.rounds ?? 0) + change.project.extra_fix_rounds;
    const fix = findStep(change.workflow, step.on_failed_tests?.step ?? null);
    const counted = setProject({ failed_test_runs: runs })(change);
    if (!fix || runs > rounds) return askAboutTests(step, task, runs, moment)(counted);
    return scheduleStep(fix, task, moment)(counted);
  };

/**
 * Schedules the fixing step once more, because a person wants it. Fails the project when its workflow has no such step.
 *
 * @throws Problem `conflict` when the step is missing and the project is closed already
 */
export const fixAgain =
  (task: TaskRecord, moment: Moment): Edit =>
  (change) => {
    const { workflow } = change;
    const { failed_test_runs } = change.project;
    const fix = findStep(workflow, findStep(workflow, task.step)?.on_failed_tests?.step ?? null);
    if (!fix) return failMissingStep(task, moment)(change);
    return apply(
      change,
      setProject({ extra_fix_rounds: Math.max(0, failed_test_runs - 1) }),
      scheduleStep(fix, task, moment),
    );
  };

/**
 * Decides what follows the completed task of the current step: the fixing step, a gate, or the next step. After any other task
 * nothing follows.
 *
 * @throws Problem `conflict` when the project would end and is closed already
 */
export const afterStep =
  (task: TaskRecord, result: Result, moment: Moment): Edit =>
  (change) => {
    const { oversight_level, step_task } = change.project;
    if (step_task !== task.task_id) return change;
    const step = findStep(change.workflow, task.step);
    if (!step) return failMissingStep(task, moment)(change);
    if (step.on_failed_tests && !result.tests_passed) {
      return afterFailedTests(step, task, moment)(change);
    }
    return asksHuman(step, oversight_level, result.confidence)
      ? askAboutOutput(step, task, doubtsText(result, oversight_level), moment)(change)
      : continueWorkflow(step, task, moment)(change);
  };

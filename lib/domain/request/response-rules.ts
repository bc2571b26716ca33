import { agreeToLimit, setLimit } from "../budget/set-limit.ts";
import { apply, type Edit, moveProjectTo, put, setProject } from "../change.ts";
import { type Moment, truncate } from "../common.ts";
import type { Json } from "../json.ts";
import { invalid } from "../problem.ts";
import { closeProject } from "../project/close-project.ts";
import { cancelTask } from "../task/cancel-task.ts";
import { runAgain } from "../task/run-again.ts";
import type { TaskRecord } from "../task/task.ts";
import { continueWorkflow, fixAgain } from "../workflow/advance.ts";
import { failMissingStep } from "../workflow/missing-step.ts";
import { findStep } from "../workflow/workflow.ts";
import {
  type FailureOption,
  failureOptions,
  type HitlAction,
  type RequestKind,
  type RequestRecord,
} from "./request.ts";
import { failRejected } from "./settle-joined.ts";

/** A person's response with everything that a rule may depend on. */
type PersonResponse = {
  request: RequestRecord;
  task: TaskRecord;
  action: HitlAction;
  content: Json;
  comment: string | null;
  /** The artifact that holds an amendment. */
  content_id: string | null;
  moment: Moment;
};

type ResponseRule = (response: PersonResponse) => Edit;

const taskAnswerOf = ({ request, action, comment, content_id }: PersonResponse) => ({
  question: request.question,
  action: action === "amend" ? ("amend" as const) : ("approve" as const),
  content_id,
  comment,
});

const continueAfterStep: ResponseRule =
  ({ task, moment }) =>
  (change) => {
    if (change.project.step_task !== task.task_id) return change;
    const step = findStep(change.workflow, task.step);
    return step
      ? continueWorkflow(step, task, moment)(change)
      : failMissingStep(task, moment)(change);
  };

const cancelWork: ResponseRule = ({ task, moment }) =>
  task.step
    ? closeProject("cancel", "Cancelled after a failure.", moment)
    : cancelTask(task, "Cancelled after a failure.", moment);

const continueTask: ResponseRule = (response) =>
  runAgain(
    response.task,
    { move: "go_on", reason: "answered", answer: taskAnswerOf(response) },
    response.moment,
  );

const amendTask: ResponseRule = (response) =>
  runAgain(
    response.task,
    { move: "run_again", reason: "amended", answer: taskAnswerOf(response) },
    response.moment,
  );

const retryTask: ResponseRule = ({ task, moment }) =>
  runAgain(task, { move: "retry", reason: "retried" }, moment);

const fixTests: ResponseRule = ({ task, moment }) => fixAgain(task, moment);

const halt =
  (reason: string): Edit =>
  (change) =>
    change.project.status === "halted"
      ? change
      : moveProjectTo("halt", "project_halted", reason)(change);

const agree: ResponseRule = ({ request }) => agreeToLimit(request.about);

const setNewLimit: ResponseRule = ({ request, content }) => setLimit(request.about, content);

const continueAfterRule =
  (rule: ResponseRule): ResponseRule =>
  (response) =>
  (change) =>
    apply(
      change,
      rule(response),
      runAgain(response.task, { move: "go_on", reason: "answered" }, response.moment),
    );

/** Keeps what a person said when they rejected a step: its next run, after a resume, reads it. */
const rememberRejection = (response: PersonResponse): Edit[] => {
  const { task, request, comment } = response;
  if (request.kind !== "gate" || !comment) return [];
  const answer = { ...taskAnswerOf(response), action: "amend" as const };
  return [put("tasks", { ...task, answers: [...task.answers, answer] })];
};

const noteRejected =
  ({ task_id }: TaskRecord): Edit =>
  (change) =>
    setProject({ rejected: [...change.project.rejected, task_id] })(change);

const reject: ResponseRule = (response) => (change) => {
  const { task, request, moment } = response;
  return apply(
    change,
    ...(request.kind === "question" || request.kind === "budget"
      ? [failRejected(task, moment)]
      : [...rememberRejection(response), noteRejected(task)]),
    halt(`Rejected: ${truncate(request.question, 200)}`),
  );
};

/** Finds the option that an amendment names, in upper or lower case, with or without spaces around it. */
export const optionIn = (content: Json): FailureOption | undefined => {
  const word = String(content).trim().toLowerCase();
  return failureOptions.find((name) => name === word);
};

const byOption =
  (choices: Record<FailureOption, ResponseRule>): ResponseRule =>
  (response) => {
    const option = optionIn(response.content);
    if (option) return choices[option](response);
    throw invalid("#/body/content", `Expected one of: ${failureOptions.join(", ")}.`);
  };

/** Says what a response does, by why the person was asked. */
export const responseRules = {
  gate: { approve: continueAfterStep, amend: amendTask, reject },
  question: { approve: continueTask, amend: continueTask, reject },
  failure: {
    approve: retryTask,
    amend: byOption({ retry: retryTask, skip: continueAfterStep, cancel: cancelWork }),
    reject,
  },
  tests: {
    approve: fixTests,
    amend: byOption({ retry: fixTests, skip: continueAfterStep, cancel: cancelWork }),
    reject,
  },
  budget: {
    approve: continueAfterRule(agree),
    amend: continueAfterRule(setNewLimit),
    reject,
  },
} as const satisfies Record<RequestKind, Record<HitlAction, ResponseRule>>;

/** Tells whether an amendment is feedback that the agent reads, and not one of the options. */
export const takesFeedback = (kind: RequestKind): boolean => kind === "gate" || kind === "question";

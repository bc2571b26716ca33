import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { workflowDefinitions } from "../../lib/catalog/load.ts";
import { ArtifactRecord } from "../../lib/domain/artifact/artifact.ts";
import type { FailedCall } from "../../lib/domain/budget/breaker.ts";
import type { CallRecord } from "../../lib/domain/budget/call-record.ts";
import type { WaitingFor } from "../../lib/domain/budget/limit.ts";
import { apply, type Change, type Edit, startChange } from "../../lib/domain/change.ts";
import { addMs, type Moment } from "../../lib/domain/common.ts";
import { eventData } from "../../lib/domain/events.ts";
import type { FollowUp } from "../../lib/domain/project/follow-up.ts";
import { ProjectRecord } from "../../lib/domain/project/project.ts";
import type { WaitTimes } from "../../lib/domain/records.ts";
import { RequestRecord } from "../../lib/domain/request/request.ts";
import type { Delivery } from "../../lib/domain/task/complete-task.ts";
import { Handoff } from "../../lib/domain/task/handoff.ts";
import { isOpen, TaskRecord } from "../../lib/domain/task/task.ts";
import { findStep, type Workflow } from "../../lib/domain/workflow/workflow.ts";

export const anId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** The instant of every test, and instants after it. */
export const now = "2030-01-01T00:00:00.000Z";
export const nowPlus = (seconds: number) => addMs(now, seconds * 1_000);

let made = 1_000;
export const newId = () => {
  made += 1;
  return anId(made);
};

export const aMoment = (fields: Partial<Moment> = {}): Moment => ({
  now,
  newId,
  actor: { type: "user", id: "ann" },
  correlation_id: "call-1",
  ...fields,
});

/** A call of a model that failed by the provider's fault. */
export const aFailedCall = (fields: Partial<FailedCall> = {}): FailedCall => ({
  ok: false,
  fault: "provider",
  code: "provider_error",
  opens: false,
  retry_after_ms: 0,
  said: "",
  ...fields,
});

const noCounts = { tasks: 0, completed: 0, open: 0, pending_requests: 0, artifacts: 0 };

/** An active project at the start of its workflow. */
export const aProject = (fields: Partial<ProjectRecord> = {}): ProjectRecord =>
  ProjectRecord.parse({
    id: anId(1),
    name: "Cookbook",
    description: null,
    status: "active",
    current_phase: "discovery",
    oversight_level: "medium",
    workflow: "sdlc",
    head: 0,
    created_at: now,
    updated_at: now,
    completed_at: null,
    agents: {},
    counts: noCounts,
    step: null,
    step_task: null,
    failed_test_runs: 0,
    extra_fix_rounds: 0,
    outputs: {},
    inputs: [],
    rejected: [],
    unanswered: [],
    follow_up: null,
    rev: 1,
    ...fields,
  });

/** What a task waits for at the project's limit. */
export const aWait = (fields: Partial<WaitingFor> = {}): WaitingFor => ({
  scope: "project",
  owner: "all",
  limit_usd: 1,
  request_id: null,
  since: now,
  ...fields,
});

/** What an earlier request left to be done. */
export const aFollowUp = (kind: FollowUp["kind"], fields: Partial<FollowUp> = {}): FollowUp => ({
  id: anId(40),
  kind,
  at: now,
  correlation_id: "call-0",
  ...fields,
});

/** A pending task outside the workflow. */
export const aTask = (fields: Partial<TaskRecord> = {}): TaskRecord =>
  TaskRecord.parse({
    task_id: anId(10),
    project_id: anId(1),
    name: "Write a haiku",
    agent_type: "coder",
    phase: null,
    instructions: "Write a haiku about queues.",
    context_ids: [],
    priority: 3,
    status: "pending",
    attempt: 0,
    max_attempts: 3,
    progress_percentage: 0,
    output: null,
    error: null,
    handoff: null,
    created_at: now,
    updated_at: now,
    started_at: null,
    completed_at: null,
    rev: 1,
    step: null,
    output_type: "agent_output",
    answers: [],
    pending_request: null,
    lease_until: null,
    not_before: null,
    enqueue_count: 0,
    enqueued_at: null,
    correlation_id: "call-1",
    ...fields,
  });

/** A task in its first attempt. */
export const aWorkingTask = (fields: Partial<TaskRecord> = {}): TaskRecord =>
  aTask({ status: "working", attempt: 1, started_at: now, lease_until: nowPlus(60), ...fields });

/** A workflow as it is defined; without steps when it is not. */
export const workflowNamed = (name: string): Workflow => ({
  name,
  steps: workflowDefinitions[name]?.steps ?? [],
});

export const sdlc: Workflow = workflowNamed("sdlc");

/** What records wait for, as functions are configured by default. */
export const waitTimes: WaitTimes = { enqueueAgainMs: 30_000 };

export const theStep = (key: string) => {
  const step = findStep(sdlc, key);
  if (!step) throw new Error(`There is no step ${key}`);
  return step;
};

/** The working task of a workflow's step; what it needs of the project is in `atStep`. */
export const aStepTask = (key: string, fields: Partial<TaskRecord> = {}): TaskRecord => {
  const { name, phase, agent_type, output, instructions } = theStep(key);
  const of = { name, phase, agent_type, instructions, output_type: output, step: key };
  return aWorkingTask({ ...of, ...fields });
};

/** The fields of a project whose workflow stands at the step of `task`. */
export const atStep = (task: TaskRecord): Partial<ProjectRecord> => ({
  step: task.step,
  step_task: task.task_id,
  ...(task.phase && { current_phase: task.phase }),
  agents: { [task.agent_type]: { working: [task.task_id], at: now } },
});

export const anOutput = (fields: Partial<NonNullable<TaskRecord["output"]>> = {}) => ({
  context_id: anId(30),
  version: 1,
  sha256: "a".repeat(64),
  artifact_type: "agent_output" as const,
  summary: "A haiku.",
  confidence: 0.9,
  ...fields,
});

export const aHandoff = (fields: Partial<Handoff> = {}): Handoff =>
  Handoff.parse({
    handoff_id: anId(40),
    project_id: anId(1),
    from_agent: "analyst",
    to_agent: "coder",
    phase: "build",
    instructions: "The design is done. Write the code.",
    context_ids: [],
    expected_outputs: ["source_code"],
    priority: 3,
    status: "accepted",
    metadata: {},
    created_at: now,
    accepted_at: null,
    completed_at: null,
    ...fields,
  });

/** A pending question about `aTask()`, open for an hour. */
export const aRequest = (fields: Partial<RequestRecord> = {}): RequestRecord =>
  RequestRecord.parse({
    request_id: anId(20),
    project_id: anId(1),
    task_id: anId(10),
    question: "Which database?",
    options: [],
    status: "pending",
    context_ids: [],
    user_response: null,
    response_comment: null,
    amended_content: null,
    responded_by: null,
    created_at: now,
    updated_at: now,
    expires_at: nowPlus(3_600),
    responded_at: null,
    history: [{ timestamp: now, action: "created", user_id: null, content: null, comment: null }],
    rev: 1,
    kind: "question",
    ...fields,
  });

export const anArtifact = (fields: Partial<ArtifactRecord> = {}): ArtifactRecord =>
  ArtifactRecord.parse({
    context_id: anId(30),
    project_id: anId(1),
    source_agent: "coder",
    artifact_type: "agent_output",
    artifact_metadata: {},
    version: 1,
    sha256: "a".repeat(64),
    created_at: now,
    updated_at: now,
    rev: 1,
    deleted: false,
    ...fields,
  });

export const aCallRecord = (fields: Partial<CallRecord> = {}): CallRecord => ({
  task_id: anId(10),
  call_id: anId(40),
  attempt: 1,
  agent_type: "coder",
  provider: "openai",
  model: "gpt-5",
  purpose: "answer",
  outcome: "answered",
  error_code: null,
  said: null,
  started_at: now,
  duration_ms: 800,
  input_tokens: 1_000,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 500,
  estimated: false,
  estimated_because: null,
  price: "listed",
  cost: 6_250,
  rev: 1,
  ...fields,
});

export const aDelivery = (fields: Partial<Delivery> = {}): Delivery => ({
  sha256: "b".repeat(64),
  bytes: 17,
  metadata: {},
  summary: "It is done.",
  confidence: 0.9,
  open_questions: [],
  tests_passed: true,
  ...fields,
});

type Records = Pick<Change, "tasks" | "requests" | "artifacts">;

/** What the project's counts must be, from the items themselves. */
const recount = ({ tasks, requests, artifacts }: Records): ProjectRecord["counts"] => ({
  tasks: Object.values(tasks).length,
  completed: Object.values(tasks).filter(({ status }) => status === "completed").length,
  open: Object.values(tasks).filter(isOpen).length,
  pending_requests: Object.values(requests).filter(({ status }) => status === "pending").length,
  artifacts: Object.values(artifacts).filter(({ deleted }) => !deleted).length,
});

type ChangeFields = {
  project?: Partial<ProjectRecord>;
  tasks?: readonly TaskRecord[];
  requests?: readonly RequestRecord[];
  artifacts?: readonly ArtifactRecord[];
};

/** A project with its items, all of them loaded, and counts that agree with them. */
export const aChange = ({
  project,
  tasks = [],
  requests = [],
  artifacts = [],
}: ChangeFields = {}) => {
  const records: Records = {
    tasks: Object.fromEntries(tasks.map((task) => [task.task_id, task])),
    requests: Object.fromEntries(requests.map((request) => [request.request_id, request])),
    artifacts: Object.fromEntries(artifacts.map((artifact) => [artifact.context_id, artifact])),
  };
  const counted = aProject({ counts: recount(records), ...project });
  return { ...startChange("local", counted, workflowNamed(counted.workflow)), ...records };
};

/** `toEqual`, which costs much, only where the fast comparison says no: then it tells the difference. */
const expectSame = (actual: unknown, expected: unknown) => {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
};

/** What holds after every decision: the counts are right, and every record and event fits its schema. */
export const expectSound = (change: Change): Change => {
  expectSame(change.project.counts, recount(change));
  expectSame(ProjectRecord.parse(change.project), change.project);
  for (const task of Object.values(change.tasks)) expectSame(TaskRecord.parse(task), task);
  for (const row of Object.values(change.requests)) expectSame(RequestRecord.parse(row), row);
  for (const row of Object.values(change.artifacts)) expectSame(ArtifactRecord.parse(row), row);
  for (const { event_type, data } of change.events) {
    expectSame(eventData[event_type].parse(data), data);
  }
  return change;
};

/** Applies edits and checks what holds after every decision. */
export const decided = (change: Change, ...edits: readonly Edit[]): Change =>
  expectSound(apply(change, ...edits));

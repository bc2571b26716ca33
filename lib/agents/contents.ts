import * as z from "zod";
import type { ArtifactType } from "../domain/artifact.ts";

const text = z.string().min(1);
const texts = z.array(text);
const count = z.int().nonnegative();
const percentage = z.int().min(0).max(100);

const feedback = z.array(
  z.strictObject({ question: z.exactOptional(text), said: text, taken_up: text }),
);

/** What every artifact has. `appendix` only fills up to a size that was asked for. */
const artifact = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject({ title: text, ...shape, feedback, appendix: z.exactOptional(z.string()) });

export const ProjectPlan = artifact({
  summary: text,
  goals: texts.min(1),
  milestones: z.array(z.strictObject({ name: text, phase: text, outcome: text })).min(3),
  risks: z.array(z.strictObject({ risk: text, mitigation: text })).min(1),
  assumptions: texts.min(1),
  open_questions: texts,
});
export type ProjectPlan = z.infer<typeof ProjectPlan>;

export const Requirement = z.strictObject({
  id: z.string().regex(/^R\d+$/),
  title: text,
  text,
  priority: z.enum(["must", "should", "could"]),
  source: z.enum(["description", "user input", "review", "plan", "proposal"]),
  milestone: text,
  acceptance_criteria: texts.min(1),
});
export type Requirement = z.infer<typeof Requirement>;

export const SoftwareSpecification = artifact({
  overview: text,
  requirements: z.array(Requirement).min(1),
  user_stories: texts.min(1),
  non_functional: texts.min(1),
  out_of_scope: texts,
});
export type SoftwareSpecification = z.infer<typeof SoftwareSpecification>;

export const Component = z.strictObject({
  name: text,
  responsibility: text,
  requirements: texts,
  depends_on: texts,
});
export type Component = z.infer<typeof Component>;

export const SystemArchitecture = artifact({
  overview: text,
  components: z.array(Component).min(2),
  interfaces: z.array(
    z.strictObject({
      method: z.enum(["GET", "POST", "PATCH", "DELETE"]),
      path: z.string().startsWith("/"),
      purpose: text,
      requirement: text,
    }),
  ),
  data_model: z.array(z.strictObject({ entity: text, fields: texts.min(1) })).min(1),
  decisions: z.array(z.strictObject({ decision: text, reason: text })).min(1),
});
export type SystemArchitecture = z.infer<typeof SystemArchitecture>;

export const ImplementationPlan = artifact({
  summary: text,
  tasks: z
    .array(
      z.strictObject({
        id: z.string().regex(/^T\d+$/),
        title: text,
        component: text,
        requirements: texts,
        files: texts,
        depends_on: texts,
        estimate_hours: z.number().positive(),
        done_when: text,
      }),
    )
    .min(2),
  test_approach: texts.min(1),
});
export type ImplementationPlan = z.infer<typeof ImplementationPlan>;

export const SourceCode = artifact({
  summary: text,
  files: z.array(z.strictObject({ path: text, language: text, content: text })).min(1),
  changes: z
    .array(z.strictObject({ file: text, requirement: text.nullable(), change: text, reason: text }))
    .min(1),
  notes: texts,
});
export type SourceCode = z.infer<typeof SourceCode>;

const failure = z.strictObject({ case: text, requirement: text, expected: text, actual: text });
export type Failure = z.infer<typeof failure>;

export const TestResults = artifact({
  summary: text,
  source_version: count,
  passed: count,
  failed: count,
  cases: z
    .array(
      z.strictObject({
        name: text,
        requirement: text,
        status: z.enum(["passed", "failed"]),
        message: z.exactOptional(text),
      }),
    )
    .min(1),
  failures: z.array(failure),
});
export type TestResults = z.infer<typeof TestResults>;

export const DeploymentLog = artifact({
  summary: text,
  release: text,
  environment: text,
  files: z.array(z.strictObject({ path: text, bytes: count })),
  tests: z.strictObject({ passed: count, failed: count }),
  steps: z
    .array(z.strictObject({ step: text, status: z.enum(["done", "skipped"]), detail: text }))
    .min(1),
  rollback: text,
});
export type DeploymentLog = z.infer<typeof DeploymentLog>;

export const FinalCheck = artifact({
  summary: text,
  verdict: z.enum(["ready", "ready_with_open_points"]),
  completeness: percentage,
  checks: z
    .array(z.strictObject({ check: text, result: z.enum(["ok", "open"]), detail: text }))
    .min(1),
  delivered: z.array(z.strictObject({ artifact_type: text, version: count, title: text })),
  next_steps: texts.min(1),
});
export type FinalCheck = z.infer<typeof FinalCheck>;

export const AgentAnswer = artifact({
  summary: text,
  points: z.array(z.strictObject({ point: text, response: text })).min(1),
  based_on: texts,
  next_steps: texts.min(1),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;

/** What the offline agents put into an artifact of each type. */
export const contentSchemas = {
  project_plan: ProjectPlan,
  software_specification: SoftwareSpecification,
  system_architecture: SystemArchitecture,
  implementation_plan: ImplementationPlan,
  source_code: SourceCode,
  test_results: TestResults,
  deployment_log: DeploymentLog,
  deployment_package: AgentAnswer,
  user_input: AgentAnswer,
  hitl_response: AgentAnswer,
  agent_output: z.union([FinalCheck, AgentAnswer]),
} as const satisfies Record<ArtifactType, z.ZodType>;

import * as z from "zod";
import type { ArtifactType } from "../domain/artifact.ts";
import { AgentAnswer } from "./contents/agent-answer.ts";
import { DeploymentLog } from "./contents/deployment-log.ts";
import { FinalCheck } from "./contents/final-check.ts";
import { ImplementationPlan } from "./contents/implementation-plan.ts";
import { ProjectPlan } from "./contents/project-plan.ts";
import { SoftwareSpecification } from "./contents/software-specification.ts";
import { SourceCode } from "./contents/source-code.ts";
import { SystemArchitecture } from "./contents/system-architecture.ts";
import { TestResults } from "./contents/test-results.ts";

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

import * as z from "zod";
import type { ArtifactType } from "../domain/artifact/artifact-type.ts";
import type { JsonSchema, SchemaName } from "../domain/workflow/workflow.ts";
import { zodSchemaOf } from "../json-schema/zod-schema.ts";
import { AgentAnswer } from "./contents/agent-answer.ts";
import { DeploymentLog } from "./contents/deployment-log.ts";
import { FinalCheck } from "./contents/final-check.ts";
import { ImplementationPlan } from "./contents/implementation-plan.ts";
import { ProjectPlan } from "./contents/project-plan.ts";
import { SoftwareSpecification } from "./contents/software-specification.ts";
import { SourceCode } from "./contents/source-code.ts";
import { SystemArchitecture } from "./contents/system-architecture.ts";
import { TestResults } from "./contents/test-results.ts";

/** The schema of the content of each artifact type, and of the two kinds of content that have no type. */
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
  final_check: FinalCheck,
  agent_answer: AgentAnswer,
} as const satisfies Record<SchemaName, z.ZodType>;

type OwnSchema = { output_schema?: SchemaName | JsonSchema };

/** Gives the name of a content's schema, or the JSON Schema of the step or agent. */
export const schemaOf = (
  { output_schema }: OwnSchema,
  output_type: ArtifactType,
): SchemaName | JsonSchema => output_schema ?? output_type;

/** Gives the schema of an output's content: the one of the step or agent, otherwise the one of the artifact type. */
export const contentSchema = (defined: OwnSchema, output_type: ArtifactType): z.ZodType => {
  const schema = schemaOf(defined, output_type);
  return typeof schema === "string" ? contentSchemas[schema] : zodSchemaOf(schema);
};

import type { Json } from "../../domain/json.ts";
import type { JsonSchema, SchemaName } from "../../domain/workflow/workflow.ts";
import { settingsOf } from "../agent-settings.ts";
import type { AgentRequest } from "../context.ts";
import { schemaOf } from "../output-schemas.ts";
import { writeAnswer } from "./agent-output.ts";
import type { Work } from "./brief.ts";
import { writeDeploymentLog } from "./deployment-log.ts";
import { writeFinalCheck } from "./final-check.ts";
import { writeImplementationPlan } from "./implementation-plan.ts";
import { writePlan } from "./project-plan.ts";
import { writeSample } from "./sample.ts";
import { withVerdict } from "./sample-verdict.ts";
import { writeSpecification } from "./software-specification.ts";
import { writeCode } from "./source-code.ts";
import { writeArchitecture } from "./system-architecture.ts";
import { mustFail, writeTestResults } from "./test-results.ts";
import type { TestOutcome } from "./test-run.ts";

/** Writes one kind of content. `says`: the progress message meanwhile. */
export type Writer = {
  says: (projectName: string) => string;
  write: (work: Work, outcome: TestOutcome) => { [key: string]: Json };
};

const answer: Writer = {
  says: (name) => `Working through the instructions for ${name}`,
  write: writeAnswer,
};

const finalCheck: Writer = {
  says: (name) => `Comparing what is there with what was asked of ${name}`,
  write: writeFinalCheck,
};

const sample = (schema: JsonSchema): Writer => ({
  says: (name) => `Filling in a form about ${name}`,
  write: (work) => {
    const content = writeSample(schema, work);
    return work.request.task.output_type === "test_results"
      ? withVerdict(content, mustFail(work.request))
      : content;
  },
});

const writers = {
  final_check: finalCheck,
  agent_answer: answer,
  project_plan: { says: (name) => `Reading the description of ${name}`, write: writePlan },
  software_specification: {
    says: (name) => `Turning the goals of ${name} into requirements`,
    write: writeSpecification,
  },
  system_architecture: {
    says: (name) => `Finding the components of ${name}`,
    write: writeArchitecture,
  },
  implementation_plan: {
    says: (name) => `Putting the work on ${name} in order`,
    write: writeImplementationPlan,
  },
  source_code: { says: (name) => `Writing the source code of ${name}`, write: writeCode },
  test_results: {
    says: (name) => `Testing ${name} against its requirements`,
    write: writeTestResults,
  },
  deployment_log: {
    says: (name) => `Writing down how to launch ${name}`,
    write: writeDeploymentLog,
  },
  deployment_package: answer,
  agent_output: answer,
  user_input: answer,
  hitl_response: answer,
} as const satisfies Record<SchemaName, Writer>;

/** Chooses the writer for a task's output: of a known schema, or of samples for the step's or agent's JSON Schema. */
export const writerFor = (request: AgentRequest): Writer => {
  const schema = schemaOf(settingsOf(request), request.task.output_type);
  return typeof schema === "string" ? writers[schema] : sample(schema);
};

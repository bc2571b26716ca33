import type { ArtifactType } from "../../domain/artifact.ts";
import type { Json } from "../../domain/json.ts";
import type { AgentRequest } from "../agent.ts";
import { writeAnswer } from "./agent-output.ts";
import type { Work } from "./brief.ts";
import { writeDeploymentLog } from "./deployment-log.ts";
import { writeFinalCheck } from "./final-check.ts";
import { writeImplementationPlan } from "./implementation-plan.ts";
import { writePlan } from "./project-plan.ts";
import { writeSpecification } from "./software-specification.ts";
import { writeCode } from "./source-code.ts";
import { writeArchitecture } from "./system-architecture.ts";
import { writeTestResults } from "./test-results.ts";

/** `says` is what watchers read while it is written. */
export type Writer = {
  says: (projectName: string) => string;
  write: (work: Work) => { [key: string]: Json };
};

const answer: Writer = {
  says: (name) => `Working through the instructions for ${name}`,
  write: writeAnswer,
};

const finalCheck: Writer = {
  says: (name) => `Comparing what was launched with what was asked of ${name}`,
  write: writeFinalCheck,
};

const writers = {
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
  deployment_log: { says: (name) => `Rehearsing the launch of ${name}`, write: writeDeploymentLog },
  deployment_package: answer,
  agent_output: answer,
  user_input: answer,
  hitl_response: answer,
} as const satisfies Record<ArtifactType, Writer>;

/** The workflow's last step shares its type of artifact with tasks outside the workflow; its name tells. */
export const writerFor = ({ task }: AgentRequest): Writer =>
  task.agent_type === "deployer" &&
  task.output_type === "agent_output" &&
  task.name === "Final Check"
    ? finalCheck
    : writers[task.output_type];

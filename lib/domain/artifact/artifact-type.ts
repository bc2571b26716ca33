import * as z from "zod";

export const ArtifactType = z
  .enum([
    "user_input",
    "project_plan",
    "software_specification",
    "implementation_plan",
    "system_architecture",
    "source_code",
    "test_results",
    "deployment_log",
    "deployment_package",
    "agent_output",
    "hitl_response",
  ])
  .meta({ id: "ArtifactType" });
export type ArtifactType = z.infer<typeof ArtifactType>;

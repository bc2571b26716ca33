import type { AgentType } from "./agent.ts";
import type { ArtifactType } from "./artifact.ts";
import type { OversightLevel, Phase } from "./common.ts";

/** One step of a workflow: who does what in which phase, and where a person decides. */
export type Step = {
  key: string;
  name: string;
  phase: Phase;
  agent_type: AgentType;
  output: ArtifactType;
  instructions: string;
  /** The levels of oversight at which the work stops here for a person. */
  gate: readonly OversightLevel[];
  /** Where failed tests lead, and how often before a person is asked. */
  on_failed_tests?: { step: string; rounds: number };
  /** A detour is only entered from another step, and leads back to this one. */
  back_to?: string;
};

const always = ["high", "medium"] as const;
const closely = ["high"] as const;
const never = [] as const;

/** Discovery to launch, in order. */
export const sdlc: readonly Step[] = [
  {
    key: "project_planning",
    name: "Project Planning",
    phase: "discovery",
    agent_type: "analyst",
    output: "project_plan",
    instructions: "Read what the person wants and write a project plan: goals, milestones, risks.",
    gate: always,
  },
  {
    key: "requirements_analysis",
    name: "Requirements Analysis",
    phase: "plan",
    agent_type: "analyst",
    output: "software_specification",
    instructions: "Turn the plan into requirements, user stories and acceptance criteria.",
    gate: always,
  },
  {
    key: "architectural_design",
    name: "Architectural Design",
    phase: "design",
    agent_type: "architect",
    output: "system_architecture",
    instructions: "Design the components that meet the requirements, and how they talk.",
    gate: never,
  },
  {
    key: "implementation_planning",
    name: "Implementation Planning",
    phase: "design",
    agent_type: "architect",
    output: "implementation_plan",
    instructions: "Break the architecture into ordered tasks that a coder can take one by one.",
    gate: closely,
  },
  {
    key: "code_generation",
    name: "Code Generation",
    phase: "build",
    agent_type: "coder",
    output: "source_code",
    instructions: "Write the source code that carries out the implementation plan.",
    gate: never,
  },
  {
    key: "code_refinement",
    name: "Code Refinement",
    phase: "build",
    agent_type: "coder",
    output: "source_code",
    instructions: "Review the source code and improve it: names, structure, edge cases.",
    gate: closely,
  },
  {
    key: "code_testing",
    name: "Code Testing",
    phase: "validate",
    agent_type: "tester",
    output: "test_results",
    instructions: "Test the source code against every requirement and report each case.",
    gate: always,
    on_failed_tests: { step: "bug_fix", rounds: 3 },
  },
  {
    key: "bug_fix",
    name: "Bug Fix",
    phase: "validate",
    agent_type: "coder",
    output: "source_code",
    instructions: "Fix what the failed tests show, and nothing else.",
    gate: never,
    back_to: "code_testing",
  },
  {
    key: "deployment",
    name: "Deployment",
    phase: "launch",
    agent_type: "deployer",
    output: "deployment_log",
    instructions: "Deploy the tested source code and log each step.",
    gate: never,
  },
  {
    key: "final_check",
    name: "Final Check",
    phase: "launch",
    agent_type: "deployer",
    output: "agent_output",
    instructions: "Check that what was launched does what was asked for, and sum up.",
    gate: closely,
  },
];

const workflows: Record<string, readonly Step[]> = { sdlc, none: [] };

const mainLine = (workflow: string) => (workflows[workflow] ?? []).filter((step) => !step.back_to);

export const firstStep = (workflow: string): Step | undefined => mainLine(workflow)[0];

export const findStep = (workflow: string, key: string | null): Step | undefined =>
  workflows[workflow]?.find((step) => step.key === key);

/** The step after `step`; undefined at the end. A detour leads back to where it was entered. */
export const nextStep = (workflow: string, step: Step): Step | undefined => {
  if (step.back_to) return findStep(workflow, step.back_to);
  const line = mainLine(workflow);
  return line[line.indexOf(step) + 1];
};

/** How far the workflow has come at `step`, in whole per cent. */
export const percentageAt = (workflow: string, step: Step): number => {
  const line = mainLine(workflow);
  const index = line.findIndex((row) => row.key === (step.back_to ?? step.key));
  return Math.floor((index * 100) / line.length);
};

/** Below this confidence of the agent a person is asked, gate or not. */
const leastConfidence = { high: 0.7, medium: 0.56, low: 0 } as const satisfies Record<
  OversightLevel,
  number
>;

/** Whether a person decides before the work goes on after `step`. */
export const asksHuman = (step: Step, level: OversightLevel, confidence: number): boolean =>
  step.gate.includes(level) || confidence < leastConfidence[level];

import type {
  AgentDefinition,
  Definitions,
  WorkflowDefinition,
} from "../../../lib/catalog/schema.ts";
import type { Step } from "../../../lib/domain/workflow/workflow.ts";

type Row = readonly string[];

const columns = (rows: readonly Row[]): string[] => {
  const [first = []] = rows;
  const widths = first.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd(),
  );
};

const agentRow = ({ agent_type, role, models = [], tools = [] }: AgentDefinition): Row => [
  agent_type,
  models.join(", ") || "-",
  tools.join(", ") || "-",
  role,
];

const thenOf = ({ gate, on_failed_tests, back_to }: Step): string =>
  [
    gate.length > 0 && `gate at ${gate.join(", ")}`,
    on_failed_tests && `failed tests → ${on_failed_tests.step}, ${on_failed_tests.rounds} rounds`,
    back_to && `back to ${back_to}`,
  ]
    .filter(Boolean)
    .join("; ");

const stepRow = (step: Step): Row => [
  step.key,
  step.phase,
  step.agent_type,
  typeof step.output_schema === "object" ? `${step.output} (own schema)` : step.output,
  thenOf(step),
];

const workflowLines = ({ name, title, steps }: WorkflowDefinition): string[] => [
  "",
  `Workflow ${name}: ${title}`,
  ...columns([["step", "phase", "agent", "output", "then"], ...steps.map(stepRow)]),
];

/** Writes the agents, and the workflows with their steps, as tables for a person. */
export const definitionLines = ({ agentDefinitions, workflowDefinitions }: Definitions) => [
  "Agents",
  ...columns([
    ["agent", "models", "tools", "role"],
    ...Object.values(agentDefinitions).map(agentRow),
  ]),
  ...Object.values(workflowDefinitions).flatMap(workflowLines),
];

import { commandsFor, labelOf, takesText } from "./answers.ts";
import { excerptOf, type ShownArtifact } from "./excerpt.ts";
import type { Look } from "./paint.ts";
import { clip, displayWidth, wrap } from "./text.ts";
import type { Gate } from "./view.ts";

const EDGE = 4;
const questionLines = 6;
const summaryLines = 3;

const heading = (artifact: ShownArtifact, title: string, { paint, columns }: Look) => {
  const { artifact_type, version } = artifact;
  const kind = ` ${artifact_type} v${version}`;
  const room = columns - EDGE - displayWidth(kind);
  return `${paint("bold", clip(title, room))}${paint("dim", kind)}`;
};

const excerptLines = (gate: Gate, artifact: ShownArtifact, look: Look): string[] => {
  const { paint, columns } = look;
  const { title, summary, figures, lists } = excerptOf(artifact);
  const width = columns - EDGE;
  const isSaid = gate.question.includes(summary);
  return [
    "",
    heading(artifact, title, look),
    ...(isSaid ? [] : wrap(summary, width, summaryLines)),
    ...(figures ? [clip(figures, width)] : []),
    ...lists.flatMap(({ name, items, more }) => [
      `${name}${more > 0 ? paint("dim", ` (${items.length + more})`) : ""}`,
      ...items.map((item) => `  ${paint("dim", "•")} ${clip(item, width - 4)}`),
    ]),
  ];
};

/** Writes the question, and excerpts of the artifacts to judge. */
export const gateLines = (
  gate: Gate,
  artifacts: readonly ShownArtifact[],
  look: Look,
): string[] => {
  const { paint, columns } = look;
  const question = wrap(gate.question, columns - EDGE, questionLines);
  const block = [
    ...question.map((line) => paint("bold", line)),
    ...artifacts.flatMap((artifact) => excerptLines(gate, artifact, look)),
  ];
  return ["", ...block.map((line) => `  ${paint("yellow", "┃")} ${line}`.trimEnd()), ""];
};

/** Writes "[a]pprove  [r]eject  a[m]end ›". */
export const promptLine = (gate: Gate, { paint }: Look) => {
  const labels = commandsFor(gate).map(labelOf).join("  ");
  const text = takesText(gate) ? `type your answer, or ${labels}` : labels;
  return `  ${paint("yellow", text)} ${paint("dim", "›")} `;
};

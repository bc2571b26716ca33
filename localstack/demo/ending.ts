import type { Project } from "../../lib/domain/project/project.ts";
import type { Look } from "./paint.ts";
import { clean, clip, counted, formatBytes, formatMs } from "./text.ts";
import { type ArtifactView, msBetween, type View } from "./view.ts";

const artifactLine = (artifact: ArtifactView, { paint }: Look) => {
  const { artifact_type, version, source_agent, bytes, sha256 } = artifact;
  const what = `${artifact_type.padEnd(24)}${`v${version}`.padEnd(4)}${source_agent.padEnd(11)}`;
  return `    ${what}${formatBytes(bytes).padStart(9)}  ${paint("dim", sha256.slice(0, 12))}`;
};

const timing = ({ started_at, ended_at, waitedMs }: View) => {
  const took = formatMs(msBetween(started_at, ended_at));
  return waitedMs >= 100 ? `${took}, ${formatMs(waitedMs)} of it waiting for decisions` : took;
};

/** Writes what the models cost; nothing when the agents are the offline ones. */
const bill = ({ calls, cost_usd }: View) =>
  calls === 0
    ? ""
    : `, $${cost_usd.toFixed(cost_usd < 1 ? 4 : 2)} for ${counted(calls, "call")} of models`;

type EndedProject = Pick<Project, "id" | "name">;

const verdict = (project: EndedProject, view: View, { paint, columns }: Look) => {
  const done = Object.values(view.tasks).filter(({ state }) => state === "completed").length;
  const name = clip(clean(project.name), Math.max(12, columns - 60));
  const why = view.reason ? `: ${clip(clean(view.reason), columns - 30)}` : "";
  return view.status === "completed"
    ? `  ${paint("green", "✔")} ${paint("bold", name)} is complete: ${counted(done, "task")} in ${timing(view)}${bill(view)}`
    : `  ${paint("red", "■")} ${paint("bold", name)} is ${view.status}${why}`;
};

const look = (url: string, id: string, artifacts: readonly ArtifactView[]) => {
  const code = artifacts.find(({ artifact_type }) => artifact_type === "source_code");
  const api = `${url}/api/v1`;
  const addresses = [
    `${api}/projects/${id}/status`,
    `'${api}/projects/${id}/events?limit=100'`,
    ...(code ? [`${api}/context/artifacts/${code.context_id}`] : []),
  ].map((address) => `    curl -s ${address}`);
  return artifacts.length > 0
    ? [...addresses, `    curl -sOJ ${api}/artifacts/${id}/download`]
    : addresses;
};

/** Writes how the project ended, what it made, and where to look at it. */
export const endingLines = (project: EndedProject, view: View, at: { url: string; look: Look }) => {
  const artifacts = Object.values(view.artifacts);
  const list = artifacts.map((artifact) => artifactLine(artifact, at.look));
  return [
    "",
    verdict(project, view, at.look),
    ...(list.length > 0 ? ["", "  Artifacts", ...list] : []),
    "",
    "  Look around",
    ...look(at.url, project.id, artifacts),
    "",
  ];
};

const resumeCommand = (id: string, typedAddresses: string) =>
  `    npm run demo -- --project ${id}${typedAddresses}`;

/** Writes the last lines for a person who leaves before the end. */
export const leavingLines = (id: string, typedAddresses: string) => [
  "",
  "  The project goes on without you. To watch it and answer what it asks:",
  resumeCommand(id, typedAddresses),
  "",
];

/** Writes the last lines when nobody can be asked, or --yes cannot answer. */
export const unansweredLines = (
  id: string,
  { yes, typedAddresses }: { yes: boolean; typedAddresses: string },
) => [
  yes
    ? "  Trying again does not help. Answer in a terminal, without --yes:"
    : "  The project waits for a decision. Approve everything with --yes, or answer in a terminal:",
  resumeCommand(id, typedAddresses),
  "",
];

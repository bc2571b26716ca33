import { type RespondBody, readAnswer } from "./answers.ts";
import { type Api, Refused } from "./api.ts";
import type { Ask } from "./ask.ts";
import { gateLines, promptLine } from "./gate-lines.ts";
import type { Look } from "./paint.ts";
import type { Screen } from "./screen.ts";
import type { Store } from "./store.ts";
import { type Gate, isOver, type View } from "./view.ts";

export type Deciding = {
  api: Pick<Api, "shownArtifacts" | "respond" | "resumeProject">;
  store: Store;
  screen: Screen;
  look: Look;
  ask: Ask;
  projectId: string;
  /** Approves everything. */
  yes: boolean;
  signal: AbortSignal;
};

/** Number of times that --yes lets one task run again, so that the demo ends. */
const maxRetries = 3;

const isPending = (view: View, { request_id }: Gate) =>
  view.gates.some((gate) => gate.request_id === request_id);

/** Asks a person until a line is typed, or `isOpen` is false because somebody else has responded. */
const askWhile = async (
  { store, screen, ask, signal }: Deciding,
  question: string,
  isOpen: (view: View) => boolean,
) => {
  const over = new AbortController();
  void store.until((view) => !isOpen(view)).then(() => over.abort());
  screen.hold();
  const line = await ask(question, AbortSignal.any([over.signal, signal]));
  screen.release();
  return line;
};

/** Asks for the words of an amendment that has none. Gives null when the person types none. */
const withContent = async (
  answer: RespondBody,
  ask: (question: string) => Promise<string | null>,
  { paint }: Look,
): Promise<RespondBody | null> => {
  if (answer.content !== "") return answer;
  const words = await ask(`  What is to change? ${paint("dim", "›")} `);
  return words?.trim() ? { ...answer, content: words.trim() } : null;
};

/** Gets a person's response; null when there is none. */
const askPerson = async (deciding: Deciding, gate: Gate): Promise<RespondBody | null> => {
  const { look } = deciding;
  const isOpen = (view: View) => isPending(view, gate) && !isOver(view);
  const ask = (question: string) => askWhile(deciding, question, isOpen);
  for (;;) {
    const line = await ask(promptLine(gate, look));
    if (line === null) return null;
    const answer = readAnswer(gate, line);
    const complete = answer && (await withContent(answer, ask, look));
    if (complete) return complete;
  }
};

/** Sends the response. Gives false when it was refused and the person may try again. */
const send = async ({ api, screen, look }: Deciding, gate: Gate, answer: RespondBody) => {
  try {
    await api.respond(gate.request_id, answer);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    screen.print([`  ${look.paint("red", "✖")} ${error.message}`]);
    return error.status === 409 || error.status === 404;
  }
};

const showGate = async ({ api, screen, look }: Deciding, gate: Gate) => {
  const artifacts = gate.shows ? await api.shownArtifacts(gate.request_id) : [];
  screen.print(gateLines(gate, artifacts, look));
};

/** Gives the response of --yes; null when it would only repeat the task, as after a used-up budget. */
const answerYes = (gate: Gate, retries: Map<string | null, number>): RespondBody | null => {
  if (gate.shows && gate.options.length === 0) return { action: "approve", comment: "--yes" };
  const about = gate.options.length > 0 ? gate.task_id : gate.question;
  const tried = (retries.get(about) ?? 0) + 1;
  retries.set(about, tried);
  return tried > maxRetries ? null : { action: "approve", comment: "--yes" };
};

/** Asks until the gate is closed. Gives false when there is no response. */
const settleGate = async (
  deciding: Deciding,
  gate: Gate,
  retries: Map<string | null, number>,
): Promise<boolean> => {
  const { store, yes } = deciding;
  const isSettled = (view: View) => !isPending(view, gate) || isOver(view);
  await showGate(deciding, gate);
  while (!isSettled(store.view())) {
    const answer = yes ? answerYes(gate, retries) : await askPerson(deciding, gate);
    if (isSettled(store.view())) return true;
    if (!answer) return false;
    if (await send(deciding, gate, answer)) await store.until(isSettled);
  }
  return true;
};

/** Offers to resume a halted project. Gives whether it is resumed. */
const offerResume = async (deciding: Deciding): Promise<boolean> => {
  const { api, look, projectId, store, yes } = deciding;
  if (yes) return false;
  const question = `  ${look.paint("yellow", "[r]esume  [q]uit")} ${look.paint("dim", "›")} `;
  for (;;) {
    const line = await askWhile(deciding, question, ({ status }) => status === "halted");
    if (store.view().status !== "halted") return true;
    const word = line?.trim().toLowerCase() ?? "q";
    if (["q", "quit"].includes(word)) return false;
    if (["r", "resume"].includes(word)) break;
  }
  await api.resumeProject(projectId);
  await store.until(({ status }) => status !== "halted");
  return true;
};

const needsPerson = (view: View) =>
  isOver(view) || view.status === "halted" || view.gates.length > 0;

/**
 * Answers the questions of a project, one after another.
 *
 * @returns "over" when the project has ended, "unanswered" when a question got no response
 * @throws Refused when the stack refuses to show a gate or to resume
 * @throws Error when the stack does not answer
 */
export const decideAll = async (deciding: Deciding): Promise<"over" | "unanswered"> => {
  const { store } = deciding;
  const retries = new Map<string | null, number>();
  for (;;) {
    await store.until((view, isLive) => isLive && needsPerson(view));
    const view = store.view();
    if (isOver(view)) return "over";
    const gate = view.status === "halted" ? undefined : view.gates[0];
    const isAnswered = gate
      ? await settleGate(deciding, gate, retries)
      : await offerResume(deciding);
    if (!isAnswered) return "unanswered";
  }
};

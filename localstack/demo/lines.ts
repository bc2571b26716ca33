import type { Event, EventOf, EventType } from "../../lib/domain/events.ts";
import type { Project } from "../../lib/domain/project/project.ts";
import { titled } from "./excerpt.ts";
import type { Look } from "./paint.ts";
import { clean, clip, displayWidth, fill, formatMs, wrap } from "./text.ts";
import { type Gate, msBetween, type TaskView, type View } from "./view.ts";

const BAR = 12;
const aboutLines = 3;
/** Columns that a terminal needs for bars. */
const columnsForBar = 60;
const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const phases = ["discovery", "plan", "design", "build", "validate", "launch"];

type HeaderProject = Pick<Project, "id" | "name" | "description" | "oversight_level">;

/** Writes the first lines: the project and its id. */
export const headerLines = (project: HeaderProject, { paint, columns }: Look): string[] => {
  const { id, name, description, oversight_level } = project;
  const about = clean(description ?? "").replaceAll(/\s*\[\[[^[\]]*\]\]/g, "");
  const room = columns - displayWidth("  BotArmy  ");
  return [
    "",
    `  ${paint("cyan", "BotArmy")}  ${paint("bold", clip(clean(name), room))}`,
    ...(about ? wrap(about, columns - 4, aboutLines).map((line) => `  ${line}`) : []),
    `  ${paint("dim", `${id}  oversight ${oversight_level}`)}`,
  ];
};

const bar = (percentage: number, { paint, columns }: Look, colour: "green" | "cyan") => {
  if (columns < columnsForBar) return "";
  const full = Math.round((BAR * percentage) / 100);
  return ` ${paint(colour, "━".repeat(full))}${paint("dim", "─".repeat(BAR - full))}`;
};

const nameColumns = ({ columns }: Look) => {
  const others = columns < columnsForBar ? 32 : 46;
  return Math.max(8, Math.min(26, columns - others));
};

const taskNames = ({ name, agent }: TaskView, look: Look) =>
  `${fill(clean(name), nameColumns(look))} ${look.paint("dim", fill(agent, 12))}`;

/** Writes "✔ Code Testing   tester   ━━━━━━━━━━━━ 100%    0.8 s". */
const doneLine = (task: TaskView, ended_at: string, look: Look) => {
  const time = formatMs(msBetween(task.started_at, ended_at)).padStart(9);
  return `  ${look.paint("green", "✔")} ${taskNames(task, look)}${bar(100, look, "green")} 100% ${time}`;
};

const chatLines = ({ says }: TaskView, look: Look, maxLines: number) =>
  look.chat
    ? says
        .slice(-maxLines)
        .map((said) => look.paint("dim", `    ${clip(clean(said), look.columns - 6)}`))
    : [];

const liveTask = (task: TaskView, look: Look, now: number) => {
  const turn = spinner[Math.floor(now / 100) % spinner.length];
  const percentage = `${task.percentage}%`.padStart(4);
  const time = formatMs(now - Date.parse(task.started_at ?? "")).padStart(9);
  return [
    `  ${look.paint("cyan", String(turn))} ${taskNames(task, look)}${bar(task.percentage, look, "cyan")} ${percentage} ${time}`,
    ...chatLines(task, look, 1),
  ];
};

const waitingTask = (task: TaskView, look: Look) =>
  `  ${look.paint("dim", "·")} ${taskNames(task, look)} ${look.paint("dim", "waiting")}`;

const maxLive = 5;

/** Writes the lines that are redrawn: tasks that run or wait to run, and a connection that is lost. */
export const liveLines = (
  view: View,
  { look, now, lost }: { look: Look; now: number; lost: boolean },
): string[] => {
  const tasks = Object.values(view.tasks);
  const working = tasks.filter(({ state }) => state === "working").slice(0, maxLive);
  const pending = tasks.filter(({ state }) => state === "pending").slice(0, maxLive);
  return [
    ...working.flatMap((task) => liveTask(task, look, now)),
    ...pending.map((task) => waitingTask(task, look)),
    ...(lost ? [`  ${look.paint("yellow", "connection lost, trying again")}`] : []),
  ];
};

const note = (sign: string, text: string, { columns }: Look) => [
  `  ${sign} ${clip(clean(text), columns - 5)}`,
];

type Narrate<T extends EventType> = (event: EventOf<T>, view: View, look: Look) => string[];

const taskOf = ({ task_id }: { task_id: string | null }, view: View) =>
  task_id === null ? undefined : view.tasks[task_id];

const narrateWorkflow: Narrate<"workflow_event"> = (
  { data: { event, phase, reason } },
  _,
  look,
) => {
  const { paint } = look;
  const why = reason ? `: ${reason}` : "";
  if (event === "phase_started" && phase) {
    const at = paint("dim", `${phases.indexOf(phase) + 1}/${phases.length}`);
    return ["", `  ${paint("bold", titled(phase))} ${at}`];
  }
  if (event === "project_halted") return note(paint("red", "■"), `Halted${why}`, look);
  if (event === "project_paused") return note(paint("yellow", "■"), `Paused${why}`, look);
  return event === "project_resumed" ? note(paint("green", "▶"), "Resumed", look) : [];
};

const narrateCompletion: Narrate<"task_completed"> = (event, view, look) => {
  const task = taskOf(event, view);
  return task ? [doneLine(task, event.timestamp, look), ...chatLines(task, look, 20)] : [];
};

const narrateFailure: Narrate<"task_failed"> = (event, view, look) => {
  const { code, message } = event.data.error;
  const name = taskOf(event, view)?.name ?? "A task";
  return note(look.paint("red", "✖"), `${name} failed: ${message || code}`, look);
};

const againBecause: Record<string, string> = {
  budget: "goes on: there is money again",
  amended: "runs again with your words",
  answered: "goes on with your answer",
  resumed: "runs again",
  retried: "runs again",
};

const narrateRetry: Narrate<"task_retry_scheduled"> = (event, view, look) => {
  const { reason, attempt, error, delay_ms } = event.data;
  const name = taskOf(event, view)?.name ?? "A task";
  const failed = `attempt ${attempt} failed, again in ${formatMs(delay_ms)}: ${error?.message ?? reason}`;
  return note(look.paint("yellow", "↻"), `${name}: ${againBecause[reason] ?? failed}`, look);
};

const narrateWaiting: Narrate<"task_waiting"> = (event, view, look) => {
  const { scope, request_id } = event.data.waiting_for;
  const what = request_id ? "your answer about" : "money that calls under way have reserved in";
  const name = taskOf(event, view)?.name ?? "A task";
  return note(look.paint("yellow", "…"), `${name} waits for ${what} the budget (${scope})`, look);
};

const narrateCancellation: Narrate<"task_cancelled"> = (event, view, look) =>
  note(look.paint("red", "✖"), `${taskOf(event, view)?.name ?? "A task"}: cancelled`, look);

const wordFor = (status: string, gate: Gate | undefined) =>
  status === "amended" && gate?.shows !== true ? "answered" : status;

const narrateResponse: Narrate<"hitl_response"> = (event, view, look) => {
  const { request_id, status, responded_by, comment, choice } = event.data;
  const name = taskOf(event, view)?.name ?? "The question";
  const gate = view.gates.find((each) => each.request_id === request_id);
  const words = comment ? `: ${comment}` : "";
  const sign = look.paint(status === "rejected" ? "red" : "yellow", "◆");
  const word = choice ? `answered with ${choice}` : wordFor(status, gate);
  return note(sign, `${name} ${word} by ${responded_by}${words}`, look);
};

const narrateExpiry: Narrate<"hitl_expired"> = (event, view, look) => {
  const name = taskOf(event, view)?.name ?? "a task";
  return note(look.paint("red", "◆"), `The question about ${name} is ${event.data.status}`, look);
};

const narrateError: Narrate<"error"> = ({ data }, _, look) =>
  note(look.paint("red", "✖"), data.message, look);

const narrators: { [T in EventType]?: Narrate<T> } = {
  workflow_event: narrateWorkflow,
  task_completed: narrateCompletion,
  task_failed: narrateFailure,
  task_retry_scheduled: narrateRetry,
  task_waiting: narrateWaiting,
  task_cancelled: narrateCancellation,
  hitl_response: narrateResponse,
  hitl_expired: narrateExpiry,
  error: narrateError,
};

/** Writes the lines about an event. `view` is the view before the event. */
export const narrate = (event: Event, view: View, look: Look): string[] => {
  const tell = narrators[event.event_type] as
    | ((event: Event, view: View, look: Look) => string[])
    | undefined;
  return tell?.(event, view, look) ?? [];
};

import { withoutDirectives } from "../domain/directive-text.ts";
import type { Event, EventOf } from "../domain/events.ts";
import { canonicalJson, isObject, type Json } from "../domain/json.ts";
import { codeSpan, markdownInline, markdownLine } from "../domain/markdown-text.ts";
import { bullets, document, fenced, heading, paragraph, table } from "./markdown.ts";
import type { ArchiveInput, Part } from "./parts.ts";

type Asked = EventOf<"hitl_request_created">;
type Closed = EventOf<"hitl_response" | "hitl_expired">;

const verbs = { approve: "Approved", reject: "Rejected", amend: "Amended" } as const;
/** Most decisions that are written out, and most rows of the table of other steps. */
const maxDecisions = 500;

const who = ({ actor }: Pick<Event, "actor">): string =>
  actor.type === "user" ? actor.id : actor.type === "agent" ? `agent ${actor.id}` : "the system";

const verdictOf = (closed: Closed | undefined): string => {
  if (!closed) return "Not decided yet";
  if (closed.event_type === "hitl_response") return verbs[closed.data.action];
  return closed.data.status === "expired" ? "Expired" : "Withdrawn";
};

const aboutOf = (parts: readonly Part[], { data }: Asked): string[] =>
  data.context_ids.map(({ context_id, version }) => {
    const part = parts.find(({ artifact }) => artifact.context_id === context_id);
    const name = part ? `[${part.name}](docs/${part.name}.md)` : codeSpan(context_id);
    return `${name}, version ${version}`;
  });

const textOf = (content: Json): string[] =>
  typeof content === "string"
    ? [paragraph(withoutDirectives(content))]
    : [
        fenced(
          isObject(content) || Array.isArray(content)
            ? JSON.stringify(JSON.parse(canonicalJson(content)), null, 2)
            : String(content),
          "json",
        ),
      ];

const amendmentOf = (parts: readonly Part[], content_id: string | null): string[] => {
  if (content_id === null) return [];
  const part = parts.find(({ artifact }) => artifact.context_id === content_id);
  return part
    ? ["Amendment:", ...textOf(part.artifact.content)]
    : ["The amendment is not among the artifacts any more."];
};

const responseOf = (parts: readonly Part[], closed: Closed | undefined): string[] => {
  if (!closed) return [];
  if (closed.event_type === "hitl_expired")
    return [`Reason: ${markdownInline(closed.data.reason)}`];
  const { comment, choice, content_id } = closed.data;
  return [
    ...(choice === null ? [] : [`Choice: ${markdownInline(choice)}`]),
    ...(comment ? ["Comment:", paragraph(withoutDirectives(comment))] : []),
    ...amendmentOf(parts, content_id),
  ];
};

const decisionOf = (
  parts: readonly Part[],
  asked: Asked,
  closed: Closed | undefined,
  n: number,
): string[] => {
  const about = aboutOf(parts, asked);
  return [
    heading(2, `${n + 1}. ${verdictOf(closed)}`),
    bullets([
      ...(closed ? [`By: ${markdownInline(who(closed))}`, `At: ${closed.timestamp}`] : []),
      `Asked at: ${asked.timestamp}${asked.agent_type ? `, about the work of the ${asked.agent_type}` : ""}`,
      ...(about.length > 0 ? [`About: ${about.join("; ")}`] : []),
      ...(asked.data.options.length > 0
        ? [`Options: ${markdownInline(asked.data.options.join(", "))}`]
        : []),
    ]),
    "Question:",
    paragraph(withoutDirectives(asked.data.question)),
    ...responseOf(parts, closed),
  ];
};

/** What people do beside answering questions. */
const personSteps: { [T in Event["event_type"]]?: (event: EventOf<T>) => string } = {
  project_created: () => "created the project",
  project_updated: ({ data }) =>
    `changed the project: ${data.changed.join(", ").replaceAll("_", " ")}`,
  artifact_created: ({ data }) => `wrote ${data.artifact_type}, version ${data.version}`,
  artifact_updated: ({ data }) => `wrote ${data.artifact_type}, version ${data.version}`,
  artifact_deleted: () => "deleted an artifact",
  task_cancelled: ({ data }) => `cancelled a task: ${data.reason}`,
};

/** What the system and the mediator decide. */
const ruling = /^(?:Conflict with|The orchestrator (?:mediates|rules))/;

const stepOf = (event: Event): string | undefined => {
  const isPerson = event.actor.type === "user";
  if (event.event_type === "workflow_event" && /^phase|completed$/.test(event.data.event))
    return undefined;
  if (event.event_type === "workflow_event" && (isPerson || event.data.reason))
    return [event.data.event.replaceAll("_", " "), event.data.reason].filter(Boolean).join(": ");
  if (event.event_type === "agent_chat_message")
    return ruling.test(event.data.message) ? event.data.message : undefined;
  const write = personSteps[event.event_type] as ((event: Event) => string) | undefined;
  return isPerson ? write?.(event) : undefined;
};

const otherSteps = (events: readonly Event[]): string[] => {
  const rows = events.flatMap((event) => {
    const step = stepOf(event);
    return step
      ? [
          [
            event.timestamp,
            markdownInline(who(event)),
            markdownInline(withoutDirectives(step).slice(0, 500)),
          ],
        ]
      : [];
  });
  if (rows.length === 0) return [];
  const more = rows.length - maxDecisions;
  return [
    heading(2, "Other steps"),
    table(["At", "By", "What"], rows.slice(0, maxDecisions)),
    ...(more > 0 ? [`${more} later steps are in the project's log only.`] : []),
  ];
};

const isClosed = (event: Event): event is Closed =>
  event.event_type === "hitl_response" || event.event_type === "hitl_expired";

/** Tells whether an event is told in DECISIONS.md. */
export const isDecision = (event: Event): boolean =>
  event.event_type === "hitl_request_created" || isClosed(event) || stepOf(event) !== undefined;

/**
 * Writes DECISIONS.md: each question with who answered it, when, about what and in which words, and the other steps of people.
 *
 * @param log the decisions in the project's log, oldest first; `isWhole` tells whether the log was read to its end
 */
export const projectDecisions = (
  { name }: ArchiveInput["project"],
  parts: readonly Part[],
  { events, isWhole }: ArchiveInput["log"],
): string => {
  const asked = events.filter((event) => event.event_type === "hitl_request_created");
  const closed = new Map(events.filter(isClosed).map((event) => [event.data.request_id, event]));
  const shown = asked.slice(0, maxDecisions);
  const more = asked.length - shown.length;
  return document([
    heading(1, `Decisions: ${name}`),
    "From the project's log: what people were asked, who answered when, and in which words. Times are UTC.",
    ...(shown.length === 0 ? ["Nobody was asked anything."] : []),
    ...shown.flatMap((event, n) => decisionOf(parts, event, closed.get(event.data.request_id), n)),
    ...(more > 0 ? [markdownLine(`${more} later questions are in the project's log only.`)] : []),
    ...otherSteps(events),
    ...(isWhole
      ? []
      : ["The log is longer than an archive can read: later decisions are missing here."]),
  ]);
};

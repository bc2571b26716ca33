import { type ProblemCode, problems } from "../domain/problem.ts";
import { fieldsOf, fieldTable, typeOf } from "./docs-fields.ts";
import { findable, type Html, html, prose, title } from "./docs-html.ts";
import type { AsyncApi } from "./openapi/asyncapi.ts";
import { problemCodes } from "./openapi/problems.ts";
import { nameOf, type OpenApiSchema, type Schemas } from "./openapi/schemas.ts";

const headed = (id: string, name: string, find: string, body: Html): Html =>
  html`<article id="${id}" data-find="${find}"><h3><a href="#${id}">${name}</a></h3>${body}</article>`;

const described = ({ description }: OpenApiSchema = {}): Html | undefined =>
  description ? html`<p>${prose(description)}</p>` : undefined;

const typeText = ({ properties }: OpenApiSchema) => String(properties?.event_type?.const);

const dataOf = ({ properties }: OpenApiSchema): OpenApiSchema => properties?.data ?? {};

/** The events' schemas by type, in the order of the code. */
export const eventsOf = (schemas: Schemas): [type: string, schema: OpenApiSchema][] =>
  (schemas.Event?.oneOf ?? []).map((choice) => {
    const schema = schemas[nameOf(choice)] ?? {};
    return [typeText(schema), schema];
  });

const envelopeTable = (schemas: Schemas): Html | undefined => {
  const [, first] = eventsOf(schemas)[0] ?? [];
  if (!first) return undefined;
  const fields = fieldsOf({
    ...first,
    properties: {
      ...first.properties,
      event_type: { $ref: "#/components/schemas/EventType" },
      data: { type: "object", description: "Depends on the type: see below." },
    },
  });
  return fieldTable(fields, schemas);
};

const eventArticle =
  (schemas: Schemas) =>
  ([type, schema]: [string, OpenApiSchema]): Html =>
    headed(
      `event-${type}`,
      type,
      findable("event", type, title(type)),
      html`${described(schema)}${fieldTable(fieldsOf(dataOf(schema)), schemas)}`,
    );

export const eventsSection = (schemas: Schemas): Html => html`<section id="events" data-group>
<h2>Events</h2>
<p>${prose(schemas.Event?.description ?? "")} Read it with <a href="#listEvents">List events</a>, or watch it
through the <a href="#websocket">WebSocket</a>.</p>
${envelopeTable(schemas)}
<p>The fields of <code>data</code>, by type:</p>
${eventsOf(schemas).map(eventArticle(schemas))}</section>`;

type Message = AsyncApi["components"]["messages"][string];

const messageArticle = (schemas: Schemas, from: string) => (message: Message) => {
  const { name, summary, payload, examples } = message;
  const target = payload.$ref ? (schemas[nameOf(payload)] ?? {}) : payload;
  const find = findable("websocket", "message", name, summary);
  return html`<article id="message-${name}" data-find="${find}">
<div class="about"><h3><a href="#message-${name}">${name}</a> <span class="from">${from}</span></h3>
<p>${prose(summary)}.</p>${fieldTable(fieldsOf(target), schemas)}</div>
<div class="samples"><figure class="code"><figcaption>message</figcaption>
<pre tabindex="0"><code>${JSON.stringify(examples[0]?.payload, null, 2)}</code></pre></figure></div></article>`;
};

const isFromClient = ({ payload }: Message, { components }: AsyncApi) =>
  "action" in ((components.schemas[nameOf(payload)] ?? payload).properties ?? {});

export const socketSection = (document: AsyncApi): Html => {
  const { schemas, messages } = document.components;
  const all = Object.values(messages);
  const [sent, got] = [true, false].map((wanted) =>
    all.filter((message) => isFromClient(message, document) === wanted),
  );
  const { query } = document.channels.socket.bindings.ws;
  return html`<section id="websocket" data-group><h2>WebSocket</h2>
${document.info.description.split("\n\n").map((part) => html`<p>${prose(part)}</p>`)}
<p>Connect to <code>ws://127.0.0.1:3001/</code> on the local stack, or to the stack's output <code>WebSocketUrl</code>.
Parameters of the address:</p>
${fieldTable(fieldsOf(query ?? {}), schemas)}
${(sent ?? []).map(messageArticle(schemas, "client sends"))}
${(got ?? []).map(messageArticle(schemas, "server sends"))}</section>`;
};

const isEvent = ({ properties }: OpenApiSchema) => properties?.event_type?.const !== undefined;

/** What is worth a place among the models: an event has its own section. */
export const modelNames = (schemas: Schemas): string[] =>
  Object.keys(schemas).filter((name) => !isEvent(schemas[name] ?? {}));

const modelBody = (name: string, schemas: Schemas): Html => {
  const schema = schemas[name] ?? {};
  if (name === "Event") return html`<p>See <a href="#events">Events</a>.</p>`;
  return schema.properties
    ? fieldTable(fieldsOf(schema), schemas)
    : html`<p class="type">${typeOf(schema)}</p>`;
};

const modelArticle =
  (schemas: Schemas) =>
  (name: string): Html =>
    headed(
      `model-${name}`,
      name,
      findable("model", name, title(name)),
      html`${described(schemas[name])}${modelBody(name, schemas)}`,
    );

export const modelsSection = (schemas: Schemas): Html => html`<section id="models" data-group>
<h2>Models</h2>${modelNames(schemas).map(modelArticle(schemas))}</section>`;

const problemRow = (code: ProblemCode): Html => html`<tr id="problem-${code}">
<th scope="row"><code>${code}</code></th>
<td><span class="status s${Math.floor(problems[code].status / 100)}">${problems[code].status}</span></td>
<td>${problems[code].title}</td></tr>`;

export const problemsSection = (): Html => html`<section id="problems" data-group><h2>Problems</h2>
<article data-find="${findable("problems", "errors", ...problemCodes)}">
<p>Every failure is an <code>application/problem+json</code>, as RFC 9457 writes it: a
<a href="#model-Problem">Problem</a> whose <code>type</code> is <code>/problems/</code> and one of these codes.</p>
<table class="answers"><tbody>${problemCodes.map(problemRow)}</tbody></table></article></section>`;

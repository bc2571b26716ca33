import type { AsyncApi } from "../../openapi/asyncapi.ts";
import { problemListIn } from "../../openapi/problems.ts";
import { nameOf, type OpenApiSchema, type Schemas } from "../../openapi/schemas.ts";
import type { SecurityScheme } from "../../openapi/security.ts";
import { findable, type Html, html, prose, title } from "../html.ts";
import { fieldsOf, fieldTable, typeOf } from "./fields.ts";

const articleWithHeading = (id: string, name: string, find: string, body: Html): Html =>
  html`<article id="${id}" data-find="${find}"><h3><a href="#${id}">${name}</a></h3>${body}</article>`;

const described = ({ description }: OpenApiSchema = {}): Html | undefined =>
  description ? html`<p>${prose(description)}</p>` : undefined;

const typeText = ({ properties }: OpenApiSchema) => String(properties?.event_type?.const);

const dataOf = ({ properties }: OpenApiSchema): OpenApiSchema => properties?.data ?? {};

/** Lists the schemas of events by type, in the order of the code. */
export const eventsOf = (schemas: Schemas): [type: string, schema: OpenApiSchema][] =>
  (schemas.Event?.oneOf ?? []).map((choice) => {
    const schema = schemas[nameOf(choice)] ?? {};
    return [typeText(schema), schema];
  });

/** Writes the table of the fields that every event has. */
export const envelopeTable = (schemas: Schemas): Html => {
  const [, first = {}] = eventsOf(schemas)[0] ?? [];
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
    articleWithHeading(
      `event-${type}`,
      type,
      findable("event", type, title(type)),
      html`${described(schema)}${fieldTable(fieldsOf(dataOf(schema)), schemas)}`,
    );

export const eventArticles = (schemas: Schemas): readonly Html[] =>
  eventsOf(schemas).map(eventArticle(schemas));

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

/** Writes the messages of clients, then those of the server. */
export const messageArticles = (document: AsyncApi): readonly Html[] => {
  const { schemas, messages } = document.components;
  const all = Object.values(messages);
  const sent = all.filter((message) => isFromClient(message, document));
  const got = all.filter((message) => !isFromClient(message, document));
  return [
    ...sent.map(messageArticle(schemas, "client sends")),
    ...got.map(messageArticle(schemas, "server sends")),
  ];
};

/** Writes the query parameters of the socket's address. */
export const socketParameters = ({ channels, components }: AsyncApi): Html =>
  fieldTable(fieldsOf(channels.socket.bindings.ws.query ?? {}), components.schemas);

const isEvent = ({ properties }: OpenApiSchema) => properties?.event_type?.const !== undefined;

/** Lists the models without the events, which have a section of their own. */
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
    articleWithHeading(
      `model-${name}`,
      name,
      findable("model", name, title(name)),
      html`${described(schemas[name])}${modelBody(name, schemas)}`,
    );

export const modelArticles = (schemas: Schemas): readonly Html[] =>
  modelNames(schemas).map(modelArticle(schemas));

const problemRow = ({
  code,
  status,
  title: text,
}: ReturnType<typeof problemListIn>[number]): Html =>
  html`<tr id="problem-${code}">
<th scope="row"><code>${code}</code></th>
<td><span class="status s${Math.floor(status / 100)}">${status}</span></td>
<td>${text}</td></tr>`;

export const problemRows = (scheme: SecurityScheme | null): readonly Html[] =>
  problemListIn(scheme).map(problemRow);

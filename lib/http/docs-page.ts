import { findable, type Html, html, paragraphs, prose, title, trusted } from "./docs-html.ts";
import { badge, type Listed, listOperations, operationSection } from "./docs-operations.ts";
import { script } from "./docs-script.ts";
import {
  eventsOf,
  eventsSection,
  modelNames,
  modelsSection,
  problemsSection,
  socketSection,
} from "./docs-sections.ts";
import { style } from "./docs-style.ts";
import type { AsyncApi } from "./openapi/asyncapi.ts";
import type { OpenApi } from "./openapi/openapi.ts";

/** What holds for every operation, once. */
const rules = [
  ["Who calls", "Name the person who acts in `X-User-Id`. Without it, it is `local-user`."],
  [
    "Repeat safely",
    "Send `Idempotency-Key` with a POST; the same key and body give the first answer again, for 24 hours.",
  ],
  [
    "No lost updates",
    "Send the `ETag` you have as `If-Match` with a change, or as `If-None-Match` with a read.",
  ],
  [
    "Pages",
    "`limit` is 1 to 100; `next_cursor` is the `cursor` of the next page, and null at the end.",
  ],
  [
    "Strict input",
    "Unknown fields are refused with 422, and `errors` points at each field that is wrong.",
  ],
  [
    "Trace",
    "Every answer carries `X-Request-Id`; a problem repeats it as `request_id`, and so do the logs.",
  ],
] as const;

const rule = ([name, text]: readonly [string, string]): Html =>
  html`<div><h3>${name}</h3><p>${prose(text)}</p></div>`;

const overview = ({ info }: OpenApi): Html => html`<section id="overview">
<h1>${info.title}<span class="version">${info.version}</span></h1>
<div class="lead">${paragraphs(info.description)}</div>
<ul class="files"><li><a href="/openapi.json">OpenAPI 3.1</a></li><li><a href="/asyncapi.json">AsyncAPI 3.0</a></li>
<li><a href="#createProject">Create a project</a></li><li><a href="#websocket">Watch it</a></li></ul>
<div class="rules">${rules.map(rule)}</div></section>`;

const slug = (name: string) => `tag-${name.toLowerCase().replaceAll(" ", "-")}`;

const grouped = (document: OpenApi): [tag: string, operations: Listed[]][] => {
  const listed = listOperations(document);
  return document.tags.map(({ name }) => [
    name,
    listed.filter(({ operation }) => operation.tags.includes(name)),
  ]);
};

const tagSection = ([tag, listed]: [string, Listed[]]): Html =>
  html`<section id="${slug(tag)}" data-group><h2>${tag}</h2>${listed.map(operationSection)}</section>`;

const link = (href: string, label: Html, find: string): Html =>
  html`<li data-find="${find}"><a href="#${href}">${label}</a></li>`;

const group = (href: string, name: string, links: readonly Html[]): Html =>
  html`<div data-group><h2><a href="#${href}">${name}</a></h2><ul>${links}</ul></div>`;

const operationLink = ({ method, path, operation }: Listed): Html => {
  const { operationId, summary, tags } = operation;
  const name = title(operationId);
  const find = findable(method, path, summary, operationId, name, ...tags);
  return link(operationId, html`${badge(method)}<span>${name}</span>`, find);
};

const contents = (document: OpenApi, socket: AsyncApi): Html => {
  const { schemas } = document.components;
  const row = (part: string) => (name: string) =>
    link(`${part}-${name}`, html`${name}`, findable(part, name, title(name)));
  return html`${grouped(document).map(([tag, listed]) => group(slug(tag), tag, listed.map(operationLink)))}
${group(
  "websocket",
  "WebSocket",
  Object.values(socket.components.messages).map(({ name, summary }) =>
    link(`message-${name}`, html`${name}`, findable("websocket", "message", name, summary)),
  ),
)}
${group(
  "events",
  "Events",
  eventsOf(schemas).map(([type]) => row("event")(type)),
)}
${group("problems", "Problems", [link("problems", html`All problems`, "problems errors")])}
${group("models", "Models", modelNames(schemas).map(row("model")))}`;
};

const side = (document: OpenApi, socket: AsyncApi): Html => html`<div class="side">
<div class="brand"><a href="#overview">${document.info.title}</a> <small>${document.info.version}</small></div>
<search hidden><input id="search" type="search" placeholder="Search  /" aria-label="Search" autocomplete="off"></search>
<nav aria-label="Contents">${contents(document, socket)}</nav></div>`;

const main = (document: OpenApi, socket: AsyncApi): Html => html`<main id="main">
${overview(document)}<p id="nothing" hidden>Nothing of that name here.</p>
${grouped(document).map(tagSection)}${socketSection(socket)}
${eventsSection(document.components.schemas)}${problemsSection()}${modelsSection(document.components.schemas)}</main>`;

/** The two texts on the page that a browser runs; its policy allows these and no others. */
export const inlined = { style, script };

/** A page that shows both documents, in one file that needs nothing else. */
export const docsPage = (document: OpenApi, socket: AsyncApi): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title}</title><link rel="icon" href="data:,"><style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">To the contents</a>
<input type="checkbox" id="menu" aria-label="Contents"><label class="menu" for="menu">${document.info.title}<span>Contents</span></label>
${side(document, socket)}${main(document, socket)}
<script>${trusted(script)}</script></body></html>
`.html;

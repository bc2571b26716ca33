import type { AsyncApi } from "../../openapi/asyncapi.ts";
import type { OpenApi } from "../../openapi/openapi.ts";
import type { Schemas } from "../../openapi/schemas.ts";
import { findable, type Html, html, title } from "../html.ts";
import { badge, groupByTag, type ListedOperation, tagId } from "./operations.ts";
import { eventsOf, modelNames } from "./sections.ts";

const link = (id: string, label: Html, find: string): Html =>
  html`<li data-find="${find}"><a href="#${id}">${label}</a></li>`;

const operationLink = ({ method, path, operation }: ListedOperation): Html => {
  const { operationId, summary, tags } = operation;
  const name = title(operationId);
  const find = findable(method, path, summary, operationId, name, ...tags);
  return link(operationId, html`${badge(method)}<span>${name}</span>`, find);
};

const tagLinks = ([tag, listed]: [string, ListedOperation[]]): Html =>
  html`<div data-group><h2><a href="#${tagId(tag)}">${tag}</a></h2><ul>${listed.map(operationLink)}</ul></div>`;

/** Writes links to the operations, below the names of their tags. */
export const operationLinks = (document: OpenApi): readonly Html[] =>
  groupByTag(document).map(tagLinks);

export const messageLinks = ({ components }: AsyncApi): readonly Html[] =>
  Object.values(components.messages).map(({ name, summary }) =>
    link(`message-${name}`, html`${name}`, findable("websocket", "message", name, summary)),
  );

const linkTo = (part: "event" | "model") => (name: string) =>
  link(`${part}-${name}`, html`${name}`, findable(part, name, title(name)));

export const eventLinks = (schemas: Schemas): readonly Html[] =>
  eventsOf(schemas).map(([type]) => linkTo("event")(type));

export const modelLinks = (schemas: Schemas): readonly Html[] =>
  modelNames(schemas).map(linkTo("model"));

import { asyncApi } from "../../openapi/asyncapi.ts";
import { openApi } from "../../openapi/openapi.ts";
import { problemCodesIn } from "../../openapi/problems.ts";
import type { DescribedApi, WebPage } from "../../page.ts";
import { paragraphs, prose } from "../html.ts";
import type { Values } from "../template.ts";
import { eventLinks, messageLinks, modelLinks, operationLinks } from "./contents.ts";
import { operationSections } from "./operations.ts";
import {
  envelopeTable,
  eventArticles,
  messageArticles,
  modelArticles,
  problemRows,
  socketParameters,
} from "./sections.ts";

const valuesOf = ({ routes, version, scheme }: DescribedApi): Values => {
  const rest = openApi(routes, version, scheme);
  const socket = asyncApi(version);
  const { schemas } = rest.components;
  return {
    title: rest.info.title,
    version,
    description: paragraphs(rest.info.description),
    operationLinks: operationLinks(rest),
    messageLinks: messageLinks(socket),
    eventLinks: eventLinks(schemas),
    modelLinks: modelLinks(schemas),
    operations: operationSections(rest),
    socketDescription: paragraphs(socket.info.description),
    socketParameters: socketParameters(socket),
    messages: messageArticles(socket),
    eventDescription: prose(schemas.Event?.description ?? ""),
    envelope: envelopeTable(schemas),
    events: eventArticles(schemas),
    problemCodes: problemCodesIn(scheme).join(" "),
    problems: problemRows(scheme),
    models: modelArticles(schemas),
  };
};

/** The page of the OpenAPI and AsyncAPI documents, to read and to search. */
export const docsPage: WebPage = {
  path: "/docs",
  folder: "docs",
  values: valuesOf,
  loads: { "img-src": "data:" },
};

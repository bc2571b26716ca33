import type { OpenApi, OpenApiResponse, Operation, Parameter } from "../../openapi/openapi.ts";
import { nameOf, type OpenApiSchema, type Schemas } from "../../openapi/schemas.ts";
import { findable, type Html, html, prose, title } from "../html.ts";
import { type Field, fieldsOf, fieldTable, typeOf } from "./fields.ts";
import { sampleOf } from "./samples.ts";

/** An operation whose references are resolved. */
export type ListedOperation = {
  method: string;
  path: string;
  operation: Operation;
  parameters: Parameter[];
  answers: [status: string, answer: OpenApiResponse][];
  schemas: Schemas;
};

type Components = Record<string, unknown>;

const follow = <T extends object>(found: T | { $ref: string }, components: Components): T =>
  "$ref" in found ? (components[nameOf(found)] as T) : found;

const listOperations = ({ paths, components }: OpenApi): ListedOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      operation,
      parameters: operation.parameters.map((row) => follow<Parameter>(row, components.parameters)),
      answers: Object.entries(operation.responses).map(([status, answer]) => [
        status,
        follow<OpenApiResponse>(answer, components.responses),
      ]),
      schemas: components.schemas,
    })),
  );

const jsonOf = (
  holder: { content?: OpenApiResponse["content"] } | undefined,
): OpenApiSchema | undefined => holder?.content?.["application/json"]?.schema;

const targetOf = (schema: OpenApiSchema, schemas: Schemas) =>
  schema.$ref ? (schemas[nameOf(schema)] ?? {}) : schema;

const localOrigin = "http://127.0.0.1:3000";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Writes path parameters as variables of the shell. */
const shellPath = (path: string) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);

/** Whether an operation answers a file, which curl saves under the name in the answer. */
const isFile = ({ responses }: Operation): boolean =>
  Object.values(responses).some(
    (found) => "headers" in found && found.headers["Content-Disposition"] !== undefined,
  );

const curlOptions = ({ operation, method, parameters, schemas }: ListedOperation): string[] => {
  const body = jsonOf(operation.requestBody);
  const sample = body && operation.requestBody?.required && sampleOf(body, schemas);
  return [
    ...(method === "get" ? [] : [`-X ${method.toUpperCase()}`]),
    ...(isFile(operation) ? ["-OJ"] : []),
    ...(sample ? ["-H 'content-type: application/json'"] : []),
    ...(parameters.some(({ name }) => name === "Idempotency-Key")
      ? ['-H "idempotency-key: $(uuidgen)"']
      : []),
    ...(sample ? [`-d ${quoted(JSON.stringify(sample, null, 2))}`] : []),
  ];
};

const curl = (listed: ListedOperation): Html => {
  const options = curlOptions(listed).map((option) => html`${option} \\\n  `);
  return html`<figure class="code"><figcaption>curl</figcaption>
<pre><code>curl ${options}"<span data-origin>${localOrigin}</span>${shellPath(listed.path)}"</code></pre></figure>`;
};

const answerSample = ({ answers, schemas }: ListedOperation): Html | undefined => {
  const [status, answer] = answers.find(([, { content }]) => content?.["application/json"]) ?? [];
  const schema = jsonOf(answer);
  return (
    schema &&
    html`<figure class="code"><figcaption>${status} answer</figcaption>
<pre tabindex="0"><code>${JSON.stringify(sampleOf(schema, schemas), null, 2)}</code></pre></figure>`
  );
};

const parameterField = ({ name, required, schema, description }: Parameter): Field => ({
  name,
  schema,
  mark: required ? "required" : undefined,
  description,
});

const parameterTable = (
  { parameters, schemas }: ListedOperation,
  place: Parameter["in"],
  heading: string,
): Html | undefined => {
  const rows = parameters.filter((row) => row.in === place);
  return rows.length === 0
    ? undefined
    : html`<h4>${heading}</h4>${fieldTable(rows.map(parameterField), schemas)}`;
};

const bodyTable = ({ operation, schemas }: ListedOperation): Html | undefined => {
  const schema = jsonOf(operation.requestBody);
  if (!schema) return undefined;
  const fields = fieldsOf(targetOf(schema, schemas));
  if (fields.length === 0) return html`<h4>Body</h4><p>None, or an empty object.</p>`;
  const name = schema.$ref && html` <small>${typeOf(schema)}</small>`;
  return html`<h4>Body${name}</h4>${fieldTable(fields, schemas)}`;
};

const problemItem = ([code, { summary }]: [string, { summary: string }]): Html =>
  html`<li><a href="#problem-${code}"><code>${code}</code></a> ${summary}</li>`;

const answerText = ({ description, content }: OpenApiResponse): Html => {
  const found = Object.entries(content?.["application/problem+json"]?.examples ?? {});
  if (found.length > 0) return html`<ul>${found.map(problemItem)}</ul>`;
  const schema = jsonOf({ content });
  return html`${prose(description)} ${schema?.$ref && typeOf(schema)}`;
};

const headerList = ({ headers }: OpenApiResponse): Html => {
  const names = Object.keys(headers).filter((name) => name !== "X-Request-Id");
  return html`${names.map((name) => html`<code class="header">${name}</code> `)}`;
};

const answerRow = ([status, answer]: [string, OpenApiResponse]): Html => html`<tr>
<th scope="row"><span class="status s${status.charAt(0)}">${status}</span></th>
<td>${answerText(answer)}</td><td>${headerList(answer)}</td></tr>`;

const answerFields = ({ answers, schemas }: ListedOperation): Html | undefined => {
  const schema = jsonOf(answers[0]?.[1]);
  if (!schema) return undefined;
  const table = fieldTable(fieldsOf(targetOf(schema, schemas)), schemas);
  return html`<details><summary>Fields of the answer</summary>${table}</details>`;
};

export const badge = (method: string): Html =>
  html`<span class="method ${method}">${method.toUpperCase()}</span>`;

const operationArticle = (listed: ListedOperation): Html => {
  const { operationId, summary, tags } = listed.operation;
  const find = findable(
    listed.method,
    listed.path,
    summary,
    operationId,
    title(operationId),
    ...tags,
  );
  return html`<article id="${operationId}" data-find="${find}">
<div class="about"><h3><a href="#${operationId}">${title(operationId)}</a></h3>
<p class="route">${badge(listed.method)} <code>${listed.path}</code></p>
<p>${prose(summary)}.</p>
${parameterTable(listed, "path", "Path")}${parameterTable(listed, "query", "Query")}${bodyTable(listed)}
${parameterTable(listed, "header", "Headers")}
<h4>Answers</h4><table class="answers"><tbody>${listed.answers.map(answerRow)}</tbody></table>
${answerFields(listed)}</div>
<div class="samples">${curl(listed)}${answerSample(listed)}</div></article>`;
};

/** Gives the id of a tag's section. */
export const tagId = (tag: string): string => `tag-${tag.toLowerCase().replaceAll(" ", "-")}`;

export const groupByTag = (document: OpenApi): [tag: string, operations: ListedOperation[]][] => {
  const listed = listOperations(document);
  return document.tags.map(({ name }) => [
    name,
    listed.filter(({ operation }) => operation.tags.includes(name)),
  ]);
};

const tagSection = ([tag, listed]: [string, ListedOperation[]]): Html =>
  html`<section id="${tagId(tag)}" data-group><h2>${tag}</h2>${listed.map(operationArticle)}</section>`;

/** Writes all operations, in a section for each tag. */
export const operationSections = (document: OpenApi): readonly Html[] =>
  groupByTag(document).map(tagSection);

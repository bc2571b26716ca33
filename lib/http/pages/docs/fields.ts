import { nameOf, type OpenApiSchema, type Schemas } from "../../openapi/schemas.ts";
import { type Html, html, prose, trusted } from "../html.ts";

const isNull = ({ type }: OpenApiSchema) => type === "null";

const joined = (items: readonly Html[], between: string): Html =>
  trusted(items.map((item) => item.html).join(between));

const values = (of: readonly unknown[]): Html =>
  joined(
    of.map(
      (value) => html`<code>${typeof value === "string" ? value : JSON.stringify(value)}</code>`,
    ),
    " <i>|</i> ",
  );

const mapType = ({ additionalProperties }: OpenApiSchema): Html =>
  typeof additionalProperties === "object" && nameOf(additionalProperties) !== "Json"
    ? html`object of ${typeOf(additionalProperties)}`
    : html`object`;

const plainType = (schema: OpenApiSchema): Html => {
  if (schema.items) return html`array of ${typeOf(schema.items)}`;
  if (schema.type === "object") return mapType(schema);
  return html`${[schema.type ?? "any JSON"].flat().join(" or ")}`;
};

/** Writes a schema's type in words, with a link to each model. */
export const typeOf = (schema: OpenApiSchema): Html => {
  const choices = schema.anyOf ?? schema.oneOf;
  if (schema.$ref) return html`<a href="#model-${nameOf(schema)}">${nameOf(schema)}</a>`;
  if (schema.enum) return values(schema.enum);
  if (schema.const !== undefined) return values([schema.const]);
  return choices ? joined(choices.map(typeOf), " or ") : plainType(schema);
};

const span = (low: number | undefined, high: number | undefined): string | undefined => {
  if (low !== undefined && high !== undefined) return `${low} – ${high.toLocaleString("en")}`;
  if (high !== undefined) return `at most ${high.toLocaleString("en")}`;
  return low === undefined ? undefined : `at least ${low}`;
};

const range = ({ minimum, exclusiveMinimum, maximum, type }: OpenApiSchema) =>
  span(minimum ?? (type === "integer" && exclusiveMinimum === 0 ? 1 : exclusiveMinimum), maximum);

const counted = (count: string | undefined, what: string) => count && `${count} ${what}`;

const defaultOf = (schema: OpenApiSchema) =>
  schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`;

/** Gives the schema with the limits: for a type that may be null, they are those of its other choice. */
const limited = (schema: OpenApiSchema): OpenApiSchema => {
  const [only, ...more] = (schema.anyOf ?? []).filter((choice) => !isNull(choice));
  return only && more.length === 0 ? { ...only, ...schema } : schema;
};

const limitsOf = (schema: OpenApiSchema): string =>
  [
    range(schema),
    counted(span(schema.minLength, schema.maxLength), "characters"),
    counted(span(schema.minItems, schema.maxItems), "items"),
    schema.items &&
      counted(span(schema.items.minLength, schema.items.maxLength), "characters each"),
    defaultOf(schema),
  ]
    .filter(Boolean)
    .join(", ");

export type Field = {
  name: string;
  schema: OpenApiSchema;
  mark: "required" | "optional" | undefined;
  description?: string;
};

/** Chooses a field's mark: in a request the required fields are marked, in an answer the optional ones. */
const markOf = ({ required = [], additionalProperties }: OpenApiSchema, key: string) => {
  const isInput = additionalProperties === false;
  if (required.includes(key)) return isInput ? "required" : undefined;
  return isInput ? undefined : "optional";
};

/** Lists the fields of an object. Fields of inner objects follow as `outer.inner` and `list[].inner`. */
export const fieldsOf = (object: OpenApiSchema, prefix = ""): Field[] =>
  Object.entries(object.properties ?? {}).flatMap(([key, schema]) => {
    const name = prefix + key;
    const inner = (schema.anyOf ?? [schema]).filter((choice) => !isNull(choice));
    return [
      { name, schema, mark: markOf(object, key) },
      ...inner.flatMap((choice) => fieldsOf(choice, `${name}.`)),
      ...inner.flatMap(({ items }) => (items ? fieldsOf(items, `${name}[].`) : [])),
    ];
  });

/** Writes the values of a named enum, so that readers need not look them up. */
const namedValues = (schema: OpenApiSchema, schemas: Schemas): Html | undefined => {
  const { enum: all } = schemas[nameOf(limited(schema))] ?? {};
  return all && html`<p class="values">${values(all)}</p>`;
};

const fieldRow =
  (schemas: Schemas) =>
  ({ name, schema, mark, description }: Field): Html => {
    const text = description ?? schema.description;
    return html`<tr>
<th scope="row"><code>${name}</code>${mark && html` <em class="${mark}">${mark}</em>`}</th>
<td><span class="type">${typeOf(schema)}</span> <small>${limitsOf(limited(schema))}</small>
${namedValues(schema, schemas)}${text && html`<p>${prose(text)}</p>`}</td></tr>`;
  };

/** Writes a table of fields: name, type, limits, and whether each is required. */
export const fieldTable = (fields: readonly Field[], schemas: Schemas): Html =>
  html`<table class="fields"><tbody>${fields.map(fieldRow(schemas))}</tbody></table>`;

import * as z from "zod";

export type Schemas = { [name: string]: OpenApiSchema };

/** The part of JSON Schema that zod writes for this API. */
export type OpenApiSchema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Schemas;
  required?: string[];
  additionalProperties?: OpenApiSchema | boolean;
  items?: OpenApiSchema;
  anyOf?: OpenApiSchema[];
  oneOf?: OpenApiSchema[];
  enum?: string[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
};

const home = "#/components/schemas/";

/** Removes the bounds of a JavaScript integer, and patterns that repeat a format. */
const dropNoise = (schema: z.core.JSONSchema.BaseSchema) => {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format !== undefined) delete schema.pattern;
  delete schema.propertyNames;
};

/** Allows further fields in an answer: a later version may add some. A request with unknown fields is refused. */
const allowMore = (schema: z.core.JSONSchema.BaseSchema) => {
  if (schema.additionalProperties === false) delete schema.additionalProperties;
};

/**
 * Makes the JSON Schemas of `schemas`, by their names, and the components to which they refer.
 *
 * @param io `input` for requests: there a field with a default is not required
 */
export const describeSchemas = (
  io: "input" | "output",
  schemas: Record<string, z.ZodType>,
): { schemas: Schemas; components: Schemas } => {
  const { properties, $defs } = z.toJSONSchema(z.object(schemas), {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      dropNoise(jsonSchema);
      if (io === "output") allowMore(jsonSchema);
    },
  });
  const text = JSON.stringify({ schemas: properties, components: $defs ?? {} });
  return JSON.parse(text.replaceAll('"#/$defs/', `"${home}`));
};

export const sortByName = <T>(rows: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(rows).sort(([one], [other]) => (one < other ? -1 : 1)));

export const refTo = (part: string, name: string) => ({ $ref: `#/components/${part}/${name}` });

/** Gives the name at the end of a reference; empty for a schema without one. */
export const nameOf = ({ $ref = "" }: { $ref?: string }): string =>
  $ref.slice($ref.lastIndexOf("/") + 1);

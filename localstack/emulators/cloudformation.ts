/** The account id of both emulators and of LocalStack. */
export const ACCOUNT = "000000000000";

export type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };
type Properties = { [key: string]: Json };
export type Resource = { Type: string; Properties?: Properties };
export type Resources = Readonly<Record<string, Resource>>;

export type Place = { region: string; sqsEndpoint: string };

export const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Gives the name of a queue or table: the one in the template, or else its logical id. */
export const physicalName = (id: string, name: Json) => (typeof name === "string" ? name : id);

type Attributes = (id: string, properties: Properties, place: Place) => Record<string, string>;

const queueAttributes: Attributes = (id, properties, { region, sqsEndpoint }) => {
  const name = physicalName(id, properties.QueueName);
  const url = `${sqsEndpoint}/${ACCOUNT}/${name}`;
  const arn = `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
  return { Ref: url, QueueUrl: url, Arn: arn, QueueName: name };
};

const tableAttributes: Attributes = (id, properties, { region }) => {
  const name = physicalName(id, properties.TableName);
  return { Ref: name, Arn: `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${name}` };
};

const knownTypes: Record<string, Attributes> = {
  "AWS::SQS::Queue": queueAttributes,
  "AWS::DynamoDB::Table": tableAttributes,
};

const pseudoParameters = (region: string): Record<string, string> => ({
  "AWS::Region": region,
  "AWS::AccountId": ACCOUNT,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": "local",
});

const unresolved = (id: string, attribute: string, why: string) =>
  new Error(`${id}.${attribute} cannot be resolved locally: ${why}`);

type LookUp = (id: string, attribute: string) => string;

const createLookUp = (
  resources: Resources,
  place: Place,
  resolve: (value: Json) => Json,
): LookUp => {
  const pseudo = pseudoParameters(place.region);
  const attributesOf = (id: string, { Type, Properties }: Resource) => {
    const properties = resolve(Properties ?? {});
    return knownTypes[Type]?.(id, isObject(properties) ? properties : {}, place) ?? {};
  };
  return (id, attribute) => {
    const parameter = pseudo[id];
    if (parameter !== undefined && attribute === "Ref") return parameter;
    const resource = resources[id];
    if (!resource) throw unresolved(id, attribute, "there is no such resource");
    const value = attributesOf(id, resource)[attribute];
    if (value === undefined) throw unresolved(id, attribute, `it is unknown for ${resource.Type}`);
    return value;
  };
};

/** Looks up `Table` (a Ref) or `Table.Arn` (an attribute). */
const lookUpDotted = (lookUp: LookUp, name: string) => {
  const [id = "", ...attribute] = name.split(".");
  return lookUp(id, attribute.join(".") || "Ref");
};

const parseSub = (argument: Json) => {
  const [text, own] = Array.isArray(argument) ? argument : [argument];
  return { text: String(text), variables: own !== undefined && isObject(own) ? own : {} };
};

const parseJoin = (argument: Json) => {
  const [separator, parts] = Array.isArray(argument) ? argument : [];
  if (typeof separator !== "string" || !Array.isArray(parts))
    throw new Error("Fn::Join needs a separator and a list");
  return { separator, parts };
};

/**
 * Resolves Ref, Fn::GetAtt, Fn::Sub and Fn::Join for queues, tables and the pseudo parameters.
 *
 * @example
 * createResolver(resources, place)({ Ref: "Table" }); // "botarmy-dev"
 * @throws Error, from the function that it gives, when a reference cannot be resolved
 */
export const createResolver = (resources: Resources, place: Place) => {
  const text = (value: Json) => String(resolve(value));

  const intrinsics: Record<string, (argument: Json) => string> = {
    Ref: (id) => lookUp(String(id), "Ref"),
    "Fn::GetAtt": (name) =>
      lookUpDotted(lookUp, Array.isArray(name) ? name.join(".") : String(name)),
    "Fn::Sub": (argument) => {
      const { text: template, variables } = parseSub(argument);
      return template
        .replace(/\$\{([^!}][^}]*)\}/g, (_all, name: string) =>
          name in variables ? text(variables[name]) : lookUpDotted(lookUp, name),
        )
        .replaceAll("${!", "${");
    },
    "Fn::Join": (argument) => {
      const { separator, parts } = parseJoin(argument);
      return parts.map(text).join(separator);
    },
  };

  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    const [[name = "", argument] = []] = Object.entries(value);
    const intrinsic = intrinsics[name];
    if (intrinsic) return intrinsic(argument);
    if (name.startsWith("Fn::")) throw new Error(`${name} cannot be resolved locally`);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };

  const lookUp = createLookUp(resources, place, resolve);
  return resolve;
};

export type Resolve = ReturnType<typeof createResolver>;

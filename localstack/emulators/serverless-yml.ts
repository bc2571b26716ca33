import { readFileSync } from "node:fs";
import { type CollectionTag, parse, Scalar, type ScalarTag } from "yaml";
import type { Resources } from "./cloudformation.ts";

const shortForms = ["GetAtt", "Sub", "Join", "Select", "Split", "If", "Equals", "ImportValue"];

const longForm = (name: string) => (name === "Ref" ? name : `Fn::${name}`);

const scalarTag = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: (value) => ({ [longForm(name)]: value }),
});

const listTag = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: "seq",
  resolve: (list) => new Scalar({ [longForm(name)]: list.toJSON() }),
});

const customTags = ["Ref", ...shortForms].flatMap((name) => [scalarTag(name), listTag(name)]);

type Service = {
  provider: { timeout: number };
  functions: Record<string, { handler: string; events?: unknown[]; timeout?: number }>;
  resources: { Resources: Resources };
};

/**
 * Reads serverless.yml, with CloudFormation's short forms as objects. The framework's own `${...}` variables stay as they are.
 *
 * @throws Error when the file cannot be read, or is no YAML
 */
export const readServerlessYml = (path = "serverless.yml"): Service =>
  parse(readFileSync(path, "utf8"), { customTags });

import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModels } from "../../lib/settings/config.ts";
import { modelVariables } from "../../lib/settings/model-settings.ts";
import {
  type Packaged,
  packageStage,
  runBundles,
  startServer,
  type Template,
} from "../support/package-stage.ts";

type Statement = { Effect: string; Action: string | string[]; Resource: unknown };

const FUNCTIONS =
  "projects tasks agents context hitl health docs socket fanout worker sweeper".split(" ");
const MAX_BUNDLE_BYTES = 600_000; // floor 423 KB (SDK clients, zod, middy) and Powertools
const MAX_WORKER_BYTES = 2_600_000; // and the AI SDK with four providers and MCP, Ajv, RE2, the offline agents
/** What only the one who calls models needs. */
const ofWorker = ["MODEL_PRICES", "KEEP_TRANSCRIPTS"];
const without = (...names: string[]) => FUNCTIONS.filter((name) => !names.includes(name));
let root: string;
let prod: Packaged;
let dev: Packaged;

beforeAll(async () => {
  root = await fs.mkdtemp(join(tmpdir(), "botarmy-package-"));
  [prod, dev] = await Promise.all([packageStage(root, "prod"), packageStage(root, "dev")]);
}, 60_000);

afterAll(() => fs.rm(root, { recursive: true, force: true }));

describe("packaging", () => {
  it("is quiet: one line per function", () => {
    const lines = prod.output.split("\n").filter((line) => line.trim() !== "");
    expect(lines).toHaveLength(FUNCTIONS.length + 2);
  });

  it.each(FUNCTIONS)("%s: its zip holds one file, the same in each run and stage", async (name) => {
    const [one, other] = await Promise.all([readZip(prod, name), readZip(dev, name)]);
    expect(one.readUInt16LE(one.length - 12)).toBe(1); // entries, in the end-of-directory record
    expect(one.equals(other)).toBe(true);
  });

  it.each(FUNCTIONS)("%s: its bundle keeps to the budget", async (name) => {
    const { size } = await fs.stat(join(prod.directory, "dist", name, "index.mjs"));
    expect(size).toBeLessThan(name === "worker" ? MAX_WORKER_BYTES : MAX_BUNDLE_BYTES);
  });

  it("gives only the worker the SDKs of the models", async () => {
    for (const name of FUNCTIONS) {
      const code = await fs.readFile(join(prod.directory, "dist", name, "index.mjs"), "utf8");
      expect(code.includes("AI_APICallError")).toBe(name === "worker");
    }
  });

  it("gives bundles that hold the definitions of agents and workflows, and nothing that reads them", async () => {
    for (const name of FUNCTIONS) {
      const code = await fs.readFile(join(prod.directory, "dist", name, "index.mjs"), "utf8");
      expect(code).toContain("Discovery to launch");
      expect(code.includes("You are a release engineer.")).toBe(name === "worker");
      expect(code).not.toMatch(/front matter between|YAMLParseError/);
    }
  });

  it("gives bundles that hold the pages for browsers, and nothing that builds them", async () => {
    for (const name of FUNCTIONS) {
      const code = await fs.readFile(join(prod.directory, "dist", name, "index.mjs"), "utf8");
      expect(code.includes("</html>")).toBe(name === "docs");
      expect(code).not.toMatch(/buildSync|\bfrom ?"esbuild"/);
    }
    const script = `
      const event = { routeKey: "GET /docs", headers: {}, requestContext: { http: { method: "GET" } } };
      const { statusCode, body } = await bundles[0].handler(event, { awsRequestId: "r-1" });
      assert.equal(statusCode, 200);
      assert.match(body, /<style>.+<script type="module">.+<\\/html>/s);`;
    await runBundles(prod, ["docs"], script, openToAll());
  });

  it("gives bundles that load with nothing but the environment of the template", async () => {
    const script = `for (const { handler } of bundles) assert.equal(typeof handler, "function");`;
    await runBundles(prod, FUNCTIONS, script, { ...openToAll(), AGENT_MODELS: "*=offline" });
  });

  it("gives a worker that does not start where no model is configured and `offline` is not said", async () => {
    const start = runBundles(prod, ["worker"], "", { ...environment("worker"), ...openToAll() });
    await expect(start).rejects.toThrow("set AGENT_MODELS=*=offline");
  });

  it("gives bundles that sign with the credentials Lambda puts into the environment", async () => {
    await using server = await startServer();
    const script = `await bundles[0].handler(
      { requestContext: { eventType: "DISCONNECT", connectionId: "c" } }, {});`;
    await runBundles(prod, ["socket"], script, {
      ...openToAll(),
      AWS_ENDPOINT_URL_DYNAMODB: server.url,
      AWS_ACCESS_KEY_ID: "of-the-role",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
    });
    expect(server.seen[0]).toMatchObject({
      authorization: expect.stringContaining("Credential=of-the-role/"),
      "x-amz-security-token": "token",
    });
  });

  it("lets nobody in who is not vouched for, until a stage says so", () => {
    expect(environment()).toMatchObject({ AUTH_MODE: "none", ALLOW_UNAUTHENTICATED: "false" });
  });
});

describe("functions", () => {
  it("are all there, and no other; only the worker may go round in a loop", () => {
    expect(idsOf("AWS::Lambda::Function")).toEqual(idPerFunction("LambdaFunction"));
    const looping = FUNCTIONS.filter((name) => lambda(name).RecursiveLoop === "Allow");
    expect(looping).toEqual(["worker"]);
  });

  it.each(FUNCTIONS)("%s runs on Node 24 and arm64, in its own role, with its own log", (name) => {
    expect(lambda(name)).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Role: { "Fn::GetAtt": [`${capital(name)}Role`, "Arn"] },
    });
    expect(properties(`${capital(name)}LogGroup`)).toMatchObject({ RetentionInDays: 365 });
    expect(properties(`${capital(name)}LogGroup`, dev)).toMatchObject({ RetentionInDays: 7 });
  });
});

describe("roles", () => {
  it("are one per function", () => {
    expect(idsOf("AWS::IAM::Role")).toEqual(idPerFunction("Role"));
  });

  it.each(FUNCTIONS)("%s may do nothing to just anything", (name) => {
    for (const { Effect, Action, Resource } of statementsOf(name)) {
      expect(Effect).toBe("Allow");
      expect([Action].flat().join()).not.toContain("*");
      const resource = JSON.stringify(narrowed([Action].flat(), Resource));
      expect(resource).not.toContain("*");
      expect(resource).toMatch(/Fn::GetAtt|Fn::Sub/);
    }
  });

  it.each([
    ["docs", []],
    ["health", ["dynamodb:GetItem", "dynamodb:Query", "sqs:GetQueueAttributes"]],
  ])("%s only reads", (name, actions) => {
    const others = actionsOf(name).filter((action) => !/^(logs|execute-api):/.test(action));
    expect(others).toEqual(actions);
  });

  it.each([
    ["sqs:ReceiveMessage", ["fanout", "worker"]],
    ["sqs:SendMessage", without("health", "docs", "fanout")],
    ["execute-api:ManageConnections", without("docs")],
    ["bedrock:InvokeModel", ["worker"]],
    ["bedrock:InvokeModelWithResponseStream", ["worker"]],
  ])("%s is allowed where it is needed only", (action, functions) => {
    expect(FUNCTIONS.filter((name) => actionsOf(name).includes(action))).toEqual(functions);
  });

  it("let keys of models into the functions that deal with models, and into no other", () => {
    const holders = FUNCTIONS.filter((name) =>
      modelVariables.some((variable) => variable in variablesOf(name)),
    );
    expect(holders).toEqual(["health", "worker"]);
    for (const name of holders) {
      const needed = modelVariables.filter(
        (variable) => name === "worker" || !ofWorker.includes(variable),
      );
      const given = Object.keys(variablesOf(name)).filter((one) => modelVariables.includes(one));
      expect(given.sort()).toEqual(needed.sort());
      expect(() => loadModels(environment(name))).not.toThrow();
    }
  });

  it("allow all together just what the adapters do in DynamoDB", async () => {
    const allowed = FUNCTIONS.flatMap(actionsOf).filter((action) => action.startsWith("dynamodb:"));
    const served = (name: string) => name.endsWith(".ts") && !name.endsWith("/migrations.ts"); // a command's, with its user's rights
    const files = (await fs.readdir("lib/adapters", { recursive: true }))
      .filter(served)
      .map((name) => join("lib/adapters", name));
    const code = (await Promise.all(files.map((file) => fs.readFile(file, "utf8")))).join();
    const calls = /new (Get|BatchGet|Query|Scan|Put|Update|Delete|BatchWrite)Command\(/g;
    const parts = /\b(Put|Update|Delete|ConditionCheck): \{/g; // of a transaction
    const done = [...code.matchAll(calls), ...code.matchAll(parts)].map(([, name]) =>
      name === "Query" || name === "Scan" ? `dynamodb:${name}` : `dynamodb:${name}Item`,
    );
    expect(new Set(allowed)).toEqual(new Set(done));
  });
});

describe("the APIs", () => {
  it("are an HTTP API that answers browsers of the configured origins, and a WebSocket API", () => {
    expect(properties("HttpApi")).toMatchObject({
      ProtocolType: "HTTP",
      CorsConfiguration: {
        AllowOrigins: [expect.stringMatching(/^https:/)],
        AllowMethods: expect.arrayContaining(["GET", "POST", "PUT", "PATCH", "DELETE"]),
        AllowHeaders: expect.arrayContaining(["authorization", "idempotency-key", "if-match"]),
        ExposeHeaders: expect.arrayContaining(["etag", "location", "x-request-id"]),
      },
    });
    expect(properties("WebsocketsApi")).toMatchObject({ ProtocolType: "WEBSOCKET" });
    expect(prod.template.Outputs).toMatchObject({ HttpApiUrl: {}, WebSocketUrl: {} });
  });

  it.each(["HttpApiStage", "WebsocketsDeploymentStage"])("%s has a rate limit", (id) => {
    const limits = { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 };
    expect(properties(id)).toMatchObject({ DefaultRouteSettings: limits });
  });
});

describe("queues", () => {
  it.each([
    ["worker", "TaskQueue", "TaskDeadLetterQueue"],
    ["fanout", "FanoutQueue", "FanoutDeadLetterQueue"],
  ])("%s has six times its timeout before a message comes back", (name, queue, dead) => {
    expect(properties(queue)).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [dead, "Arn"] } },
    });
    expect(properties(queue).VisibilityTimeout).toBeGreaterThanOrEqual(
      6 * Number(lambda(name).Timeout),
    );
    expect(properties(`${capital(name)}EventSourceMappingSQS${queue}`)).toMatchObject({
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: expect.any(Number) },
    });
  });
});

describe("tables", () => {
  it.each(["Table", "ConnectionsTable"])("%s outlives mistakes in prod, and goes in dev", (id) => {
    expect(prod.template.Resources[id]?.DeletionPolicy).toBe("Retain");
    expect(properties(id)).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    });
    expect(dev.template.Resources[id]?.DeletionPolicy).toBe("Delete");
    expect(properties(id, dev)).toMatchObject({ DeletionProtectionEnabled: false });
  });
});

describe("alarms", () => {
  it.each([
    ["TaskDeadLettersAlarm", "TaskDeadLetterQueue", "ApproximateNumberOfMessagesVisible", 0],
    ["FanoutDeadLettersAlarm", "FanoutDeadLetterQueue", "ApproximateNumberOfMessagesVisible", 0],
    ["TaskAgeAlarm", "TaskQueue", "ApproximateAgeOfOldestMessage", 900],
    ["WorkerErrorsAlarm", "WorkerLambdaFunction", "Errors", 0],
    ["WorkerThrottlesAlarm", "WorkerLambdaFunction", "Throttles", 0],
    ["SweeperErrorsAlarm", "SweeperLambdaFunction", "Errors", 0],
  ])("%s watches %s", (id, watched, metric, threshold) => {
    expect(properties(id)).toMatchObject({ MetricName: metric, Threshold: threshold });
    expect(JSON.stringify(properties(id).Dimensions)).toContain(watched);
    expect(properties(id).AlarmActions).toEqual([{ Ref: "AlarmTopic" }]);
  });
});

it("refers only to resources it has", () => {
  const known = new Set(Object.keys(prod.template.Resources));
  expect(referencesIn(prod.template).filter((id) => !known.has(id))).toEqual([]);
});

const readZip = ({ directory }: Packaged, name: string): Promise<Buffer> =>
  fs.readFile(join(directory, ".serverless", `${name}.zip`));

/** Models of any region, which only Bedrock has, and its profiles in this account. */
const ofBedrock = ["bedrock:*::foundation-model/*", ":inference-profile/*"];

/**
 * What a statement names, without the ends that nobody can narrow: connection ids are API Gateway's, and which
 * models are used is not known when the role is made.
 */
const narrowed = (actions: readonly string[], Resource: unknown): unknown[] => {
  const isOfBedrock = actions.every((action) => action.startsWith("bedrock:Invoke"));
  const ends = isOfBedrock ? ofBedrock : ["/@connections/*"];
  const cut = (text: string) => ends.reduce((rest, end) => rest.replace(end, ""), text);
  return [Resource].flat().map((one) => JSON.parse(cut(JSON.stringify(one))));
};

const idsOf = (type: string): string[] =>
  Object.entries(prod.template.Resources)
    .flatMap(([id, { Type }]) => (Type === type ? [id] : []))
    .sort();

const idPerFunction = (suffix: string): string[] =>
  FUNCTIONS.map((name) => capital(name) + suffix).sort();

const properties = (id: string, { template } = prod): Record<string, unknown> =>
  template.Resources[id]?.Properties ?? {};

const lambda = (name: string) => properties(`${capital(name)}LambdaFunction`);

const variablesOf = (name: string): Record<string, unknown> =>
  (lambda(name).Environment as { Variables: Record<string, unknown> }).Variables;

const environment = (name = "socket"): Record<string, string> => {
  const Variables = variablesOf(name);
  const text = (value: unknown) => (typeof value === "string" ? value : "https://example.com/x");
  return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, text(value)]));
};

const openToAll = () => ({ ...environment(), ALLOW_UNAUTHENTICATED: "true" });

const statementsOf = (name: string): Statement[] => {
  const { Policies } = properties(`${capital(name)}Role`) as {
    Policies: { PolicyDocument: { Statement: Statement[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

const actionsOf = (name: string): string[] => statementsOf(name).flatMap(({ Action }) => Action);

const referencesIn = (template: Template): string[] => {
  const text = JSON.stringify(template);
  const pattern = /"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"|\$\{(\w+)[.}]/g;
  return [...text.matchAll(pattern)].map(
    ([, ref, attribute, sub]) => ref ?? attribute ?? sub ?? "",
  );
};

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

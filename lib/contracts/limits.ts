// Limits of AWS that the code relies on: what happens beyond each, and the page of AWS that states it. KB, MB and MiB on
// those pages are powers of 1 024. Bounds of our own stand where they are used.

/**
 * A frame of a WebSocket: 32 KB. A message may be of several frames (128 KB); we send messages of one frame. Beyond it the
 * gateway closes the connection with code 1009.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxFrameBytes = 32 * 1_024;

/**
 * A WebSocket connection lasts two hours; then the gateway closes it and the client connects again. One on which nothing was
 * sent for ten minutes is closed, too: clients send `ping` more often than that.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxConnectionMs = 2 * 3_600_000;

/**
 * The time that the WebSocket API waits for a function: 29 s. Beyond it the client gets an error, while the function runs on.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxSocketSeconds = 29;

/**
 * The time that the HTTP API waits for a function: 30 s. Beyond it the client gets status 503, while the function runs on.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const maxHttpSeconds = 30;

/**
 * What a function takes and gives in one call: 6 MB each way, as JSON; a file is in it as base64, a third larger. Beyond it
 * the call fails and the client gets status 500.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxAnswerBytes = 6 * 1_024 * 1_024;

/**
 * A function runs for 15 minutes at the most. Then its process is stopped.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxFunctionSeconds = 900;

/**
 * A message can be delayed by 15 minutes at the most. SQS refuses more.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxDelaySeconds = 900;

/**
 * SQS gives out ten messages in one call, and refuses to be asked for more.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export const maxReceivedMessages = 10;

/**
 * A message of 256 KiB fits every queue. SQS can take 1 MiB since August 2025, where a queue's MaximumMessageSize says so; it
 * refuses what is larger.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxMessageBytes = 256 * 1_024;

/**
 * A received message is hidden from others for 12 hours at the most. SQS refuses more.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxVisibilitySeconds = 12 * 3_600;

/**
 * An item, with the names of its attributes: 400 KB. DynamoDB refuses to write a larger one.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const maxItemBytes = 400 * 1_024;

/**
 * A transaction writes 100 items, together 4 MB. DynamoDB refuses a larger one and writes nothing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const maxTransactionItems = 100;

/**
 * BatchGetItem takes 100 keys and refuses more. It gives 16 MB at the most, and names the keys that it left out.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export const maxBatchGetKeys = 100;

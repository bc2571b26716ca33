// Limits of AWS that the code relies on. Each says what happens beyond it, and names the page of AWS that states it. KB, MB and
// MiB on those pages are powers of 1 024. Our own limits stand in the files that use them.

/**
 * Most bytes of a WebSocket frame: 32 KB. Beyond it the gateway closes the connection with code 1009. A message could have
 * several frames (128 KB); ours have one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxFrameBytes = 32 * 1_024;

/**
 * Longest life of a WebSocket connection: two hours. Then the gateway closes it, and the client connects again. The gateway
 * also closes a connection on which nothing was sent for ten minutes, so clients send `ping` more often than that.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxConnectionMs = 2 * 3_600_000;

/**
 * Longest time that the WebSocket API waits for a function: 29 s. Beyond it the client gets an error; the function runs on.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxSocketSeconds = 29;

/**
 * Longest time that the HTTP API waits for a function: 30 s. Beyond it the client gets status 503; the function runs on.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const maxHttpSeconds = 30;

/**
 * Most bytes that a function takes or returns in one call, as JSON: 6 MB. A file is in it as base64, which is a third
 * larger. Beyond it the call fails, and the client gets status 500.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxAnswerBytes = 6 * 1_024 * 1_024;

/**
 * Longest run of a function: 15 minutes. Then Lambda stops its process.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxFunctionSeconds = 900;

/**
 * Longest delay of a message: 15 minutes. SQS refuses a longer one.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxDelaySeconds = 900;

/**
 * Most messages that one call receives: ten. SQS refuses a call that asks for more.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export const maxReceivedMessages = 10;

/**
 * Most bytes of a message that every queue takes: 256 KiB. Since August 2025 SQS takes up to 1 MiB where the queue's
 * MaximumMessageSize allows it. It refuses a larger message.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxMessageBytes = 256 * 1_024;

/**
 * Longest time that a received message is hidden from other consumers: 12 hours. SQS refuses a longer one.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxVisibilitySeconds = 12 * 3_600;

/**
 * Most bytes of an item, with the names of its attributes: 400 KB. DynamoDB refuses to write a larger one.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const maxItemBytes = 400 * 1_024;

/**
 * Most items that a transaction writes: 100, together at most 4 MB. DynamoDB refuses a larger one and writes nothing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const maxTransactionItems = 100;

/**
 * Most keys of one BatchGetItem: 100. DynamoDB refuses more. It returns at most 16 MB, and names the keys that it left out.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export const maxBatchGetKeys = 100;

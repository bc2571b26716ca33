const DYNAMODB = "com.amazonaws.dynamodb.v20120810#";
const VALIDATION = "com.amazon.coral.validate#";

type ErrorBody = { __type: string; message?: string; [field: string]: unknown };

/** An error that is sent to the client. Dynalite's own errors have the same two fields. */
export type AwsError = Error & { statusCode: number; body: ErrorBody };

const awsError = (type: string, message: string, fields: object = {}): AwsError =>
  Object.assign(new Error(message), {
    statusCode: 400,
    body: { __type: type, message, ...fields },
  });

export const requestError = (name: string, message: string, fields?: object) =>
  awsError(DYNAMODB + name, message, fields);

export const validationError = (message: string) =>
  awsError(`${VALIDATION}ValidationException`, message);

export const unknownOperation = () =>
  awsError("com.amazon.coral.service#UnknownOperationException", "");

export const serializationError = () =>
  awsError("com.amazon.coral.service#SerializationException", "The body is not JSON");

export const isAwsError = (error: unknown): error is AwsError =>
  error instanceof Error && "statusCode" in error && "body" in error;

/** Gives the name of an AWS error, the part after `#`; undefined for any other error. */
export const errorName = (error: unknown) =>
  isAwsError(error) ? error.body.__type.split("#")[1] : undefined;

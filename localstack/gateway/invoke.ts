import { request } from "node:http";
import { text } from "node:stream/consumers";

type HttpResult = { status: number; failed: boolean; body: string };

/** Posts without `fetch`, which ends a request after 300 s without a response: a worker may take longer. */
const post = (url: string, payload: string) =>
  new Promise<HttpResult>((resolve, reject) => {
    const call = request(url, { method: "POST", agent: false }, (response) => {
      const failed = response.headers["x-amz-function-error"] !== undefined;
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, failed, body }),
        reject,
      );
    });
    call.once("error", reject);
    call.end(payload);
  });

const errorMessage = (body: string) => {
  const answer: unknown = body === "" ? {} : JSON.parse(body);
  return typeof answer === "object" && answer !== null && "errorMessage" in answer
    ? String(answer.errorMessage)
    : body;
};

/**
 * Invokes a function through serverless-offline's Lambda API, under the function's timeout.
 *
 * @throws Error with the function's own message when it failed or exceeded its timeout
 */
export const invokeFunction = async (endpoint: string, name: string, event: unknown) => {
  const url = `${endpoint}/2015-03-31/functions/${name}/invocations`;
  const { status, failed, body } = await post(url, JSON.stringify(event));
  if (failed || status !== 200) throw new Error(`${name}: ${errorMessage(body) || status}`);
  const answer: unknown = body === "" ? null : JSON.parse(body);
  return answer;
};

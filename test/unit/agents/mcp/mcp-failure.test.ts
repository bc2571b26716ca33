import { expect, test } from "vitest";
import { failureOfNetwork, failureOfStatus } from "../../../../lib/agents/mcp/mcp-failure.ts";

const fetchFailed = (fields: object) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("oops"), fields) });

test.each([
  { code: "ENOTFOUND", kind: "unknown_host", wasNotDone: true },
  { code: "EAI_AGAIN", kind: "unknown_host", wasNotDone: true },
  { code: "ECONNREFUSED", kind: "unreachable", wasNotDone: true },
  { code: "EHOSTUNREACH", kind: "unreachable", wasNotDone: true },
  { code: "DEPTH_ZERO_SELF_SIGNED_CERT", kind: "tls", wasNotDone: true },
  { code: "CERT_HAS_EXPIRED", kind: "tls", wasNotDone: true },
  { code: "ERR_TLS_CERT_ALTNAME_INVALID", kind: "tls", wasNotDone: true },
  { code: "EPROTO", kind: "tls", wasNotDone: true },
  { code: "UND_ERR_CONNECT_TIMEOUT", kind: "timeout", wasNotDone: false },
  { code: "UND_ERR_SOCKET", kind: "connection_lost", wasNotDone: false },
  { code: "ECONNRESET", kind: "connection_lost", wasNotDone: false },
  { code: "HPE_INVALID_CONSTANT", kind: "not_json", wasNotDone: false },
])("$code is $kind", ({ code, kind, wasNotDone }) => {
  expect(failureOfNetwork(fetchFailed({ code }))).toMatchObject({ kind, wasNotDone });
});

test("what a server says is one line of at most 500 characters", () => {
  const { said } = failureOfStatus(400, `a\r\n\u202e\u0007b${"x".repeat(1_000)}`);
  expect(said).toMatch(/^a bx+$/);
  expect(said).toHaveLength(500);
});

import { expect, test } from "vitest";
import { McpServer, withoutKeys, withoutSecrets } from "../../../lib/settings/mcp-servers.ts";

const server = McpServer.parse({
  url: "https://tools.example.com/mcp?api_key=query%20secret&lang=main",
  headers: { authorization: "Bearer header-secret", "x-branch": "main" },
});

const said = "main: header-secret, query secret, query%20secret, Bearer header-secret";

test("people read neither headers nor the query of a server", () => {
  expect(withoutSecrets(said, server)).toBe("…: …, …, …, …");
});

test("models read no keys of a server, but what else stands in its settings", () => {
  expect(withoutKeys(said, server)).toBe("main: …, …, …, …");
});

test("an address with credentials is refused without showing them", () => {
  const { error } = McpServer.safeParse({ url: "https://me:hidden@tools.example.com/mcp" });
  expect(error?.issues[0]?.message).toMatch(/without credentials/);
  expect(JSON.stringify(error?.issues)).not.toContain("hidden");
});

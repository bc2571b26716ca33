import { createHash } from "node:crypto";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { handler } from "../../../functions/docs.ts";
import { eventTypes } from "../../../lib/domain/events.ts";
import { html } from "../../../lib/http/pages/html.ts";
import { routes } from "../../../lib/http/routes.ts";

const own = ["GET /openapi.json", "GET /asyncapi.json", "GET /docs"];

const ask = async (request: string, headers: Record<string, string> = {}) => {
  const [method = "", rawPath = ""] = request.split(" ");
  const event = {
    routeKey: own.includes(request) ? request : "$default",
    rawPath,
    headers,
    requestContext: { http: { method } },
  } as unknown as APIGatewayProxyEventV2;
  const { body, ...answer } = await handler(event, { awsRequestId: "r-1" } as Context);
  return { ...answer, body: body ?? "" };
};

describe.each(own)("%s", (request) => {
  test("the bare address leads to the page", async () => {
    expect(await ask("GET /")).toMatchObject({ statusCode: 302, headers: { location: "/docs" } });
  });

  test("is answered, to be kept for a while", async () => {
    const { statusCode, headers } = await ask(request);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      "content-type": expect.stringMatching(/^(application\/json|text\/html)/),
      "cache-control": expect.stringMatching(/max-age=[1-9]/),
      etag: expect.stringMatching(/^".+"$/),
      "x-request-id": "r-1",
    });
  });

  test("is 304 for who has it", async () => {
    const { headers } = await ask(request);
    const etag = String(headers?.etag);
    expect(await ask(request, { "if-none-match": etag })).toMatchObject({
      statusCode: 304,
      body: "",
      headers: { etag, "x-request-id": "r-1" },
    });
    expect((await ask(request, { "if-none-match": '"other"' })).statusCode).toBe(200);
  });
});

describe("an address that no route has", () => {
  test.each([
    ["GET /doc"],
    ["GET /api/v1/projekts"],
    ["POST /api/v1/projects/"],
    ["GET /api/v1/hitl/a/b"],
    ["GET /api/v1/projects//status"],
    ["GET /api/v1/projects/{project_id}"], // a gateway sends it elsewhere: there is nothing else
  ])("%s is 404", async (request) => {
    const { statusCode, headers, body } = await ask(request);
    expect(statusCode).toBe(404);
    expect(headers).toMatchObject({
      "content-type": "application/problem+json",
      "x-request-id": "r-1",
    });
    expect(headers).not.toHaveProperty("allow");
    expect(JSON.parse(body)).toMatchObject({ type: "/problems/not-found", request_id: "r-1" });
  });

  test.each([
    ["PUT /api/v1/projects", "GET, POST"],
    ["DELETE /api/v1/projects/1", "GET, PATCH"],
    ["POST /api/v1/context/artifacts/1", "DELETE, GET, PUT"],
    ["PATCH /api/v1/hitl/pending", "GET"],
    ["POST /docs", "GET"],
  ])("%s is 405, and %s is allowed", async (request, allow) => {
    const { statusCode, headers, body } = await ask(request);
    expect(statusCode).toBe(405);
    expect(headers).toMatchObject({ allow, "x-request-id": "r-1" });
    expect(JSON.parse(body)).toMatchObject({ type: "/problems/method-not-allowed", status: 405 });
  });
});

describe("the page", async () => {
  const { body: page, headers } = await ask("GET /docs");
  const all = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, found = ""]) => found);

  test("may run its own style and script, and nothing else", () => {
    const hash = (text: string) => createHash("sha256").update(text).digest("base64");
    const policy = String(headers?.["content-security-policy"]);
    const styles = all(/<style[^>]*>([\s\S]*?)<\/style>/g);
    const scripts = all(/<script[^>]*>([\s\S]*?)<\/script>/g);
    expect([styles.length, scripts.length]).toEqual([1, 1]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash(String(styles))}';`);
    expect(policy).toContain(`script-src 'sha256-${hash(String(scripts))}';`);
    expect(page).not.toMatch(
      / style="| on\w+="|<script[^>]* src|<link rel="stylesheet"|url\(|@import/,
    );
  });

  test("has each operation and each type of event", () => {
    const ids = all(/ id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(routes.map(({ operationId }) => operationId)));
    expect(ids).toEqual(expect.arrayContaining(eventTypes.map((type) => `event-${type}`)));
  });

  test("has links that lead somewhere", () => {
    const ids = new Set(all(/ id="([^"]+)"/g));
    const inside = all(/href="#([^"]+)"/g);
    expect(inside.filter((id) => !ids.has(id))).toEqual([]);
    expect(new Set(all(/href="([^#"][^"]*)"/g))).toEqual(
      new Set(["data:,", "/openapi.json", "/asyncapi.json"]),
    );
  });

  test("escapes what it shows", () => {
    expect(html`<p title="${`"'`}">${"<b> & </b>"}</p>`.html).toBe(
      '<p title="&quot;&#39;">&lt;b&gt; &amp; &lt;/b&gt;</p>',
    );
    expect(html`${html`<i></i>`}${undefined}${false}${0}`.html).toBe("<i></i>0");
  });
});

import * as z from "zod";
import { Instant } from "../../domain/common.ts";
import { definePublic } from "../route.ts";

const tag = "Health";

const Status = z.enum(["healthy", "degraded", "unhealthy"]);

const McpServerHealth = z
  .object({
    name: z.string(),
    reachable: z.boolean(),
    status: Status,
    message: z.string().describe("How the server answers, by the kind of its failure."),
    tools: z.int().nullable().describe("Tools that can be used; null when there is no list."),
    faults: z.int().describe("Faults of its list of tools. The log says which."),
    latency_ms: z.int(),
    last_error: z.object({ code: z.string(), at: Instant }).nullable(),
    last_success_at: Instant.nullable(),
  })
  .meta({ id: "McpServerHealth" });

const Component = z
  .looseObject({
    status: Status,
    message: z.string(),
    latency_ms: z.int(),
    servers: z.array(McpServerHealth).optional().describe("Only of `mcp_servers`."),
  })
  .meta({ id: "HealthComponent" });

const Detailed = z
  .object({
    status: z.enum(["healthy", "degraded", "unhealthy"]),
    timestamp: Instant,
    components: z.record(z.string(), Component),
  })
  .meta({ id: "DetailedHealth" });

export const healthRoute = definePublic({
  operationId: "getHealth",
  path: "/health",
  summary: "The process answers",
  tag,
  request: z.object({}),
  response: z.object({ status: z.literal("healthy"), timestamp: Instant }),
  status: 200,
  problems: [],
});

const detailed = <Name extends string>(operationId: Name, path: `/${string}`) =>
  definePublic({
    operationId,
    path,
    summary:
      "Every component, really asked; 503 when a vital one is down. Operators also read what providers said",
    tag,
    moreFor: "operator",
    request: z.object({}),
    response: Detailed,
    status: 200,
    problems: [],
    statusOf: ({ status }) => (status === "unhealthy" ? 503 : 200),
  });

export const detailedHealthRoute = detailed("getDetailedHealth", "/health/detailed");
export const healthzRoute = detailed("getHealthz", "/healthz");

export const readinessRoute = definePublic({
  operationId: "getReadiness",
  path: "/health/ready",
  summary: "Ready to take traffic; 503 when not",
  tag,
  request: z.object({}),
  response: z
    .object({
      status: z.enum(["ready", "not_ready"]),
      timestamp: Instant,
      components: z.record(z.string(), Component),
    })
    .meta({ id: "Readiness" }),
  status: 200,
  problems: [],
  statusOf: ({ status }) => (status === "ready" ? 200 : 503),
});

export const healthRoutes = [
  healthRoute,
  detailedHealthRoute,
  healthzRoute,
  readinessRoute,
] as const;

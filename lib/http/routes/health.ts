import * as z from "zod";
import { Instant } from "../../domain/common.ts";
import { definePublic } from "../route.ts";

const tag = "Health";

const Component = z
  .looseObject({
    status: z.enum(["healthy", "degraded", "unhealthy"]),
    message: z.string(),
    latency_ms: z.int(),
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
    summary: "Every component, really asked; 503 when a vital one is down",
    tag,
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

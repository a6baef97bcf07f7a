import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import { problem } from '../problem.js';
import type { Telemetry } from '../ports.js';

const body = {
  required: true,
  content: {
    'application/x-protobuf': { schema: z.string().openapi({ format: 'binary' }) },
    'application/json': { schema: z.object({}).loose() },
  },
};

const tracesRoute = createRoute({
  method: 'post',
  path: '/v1/traces',
  tags: ['OpenTelemetry'],
  summary: 'Receive spans (OTLP/HTTP)',
  description:
    'Takes an ExportTraceServiceRequest as protobuf or JSON, plain or gzip. Spans of model calls are booked, each call once; all others only say what stands above a call. The answer 200 means: on stable storage. `partial_success` counts the spans that were not taken and says why.',
  request: { body },
  responses: {
    200: { description: 'An ExportTraceServiceResponse in the encoding of the request.' },
    400: { description: 'A google.rpc.Status: the body is no export of traces.' },
    413: { description: 'A google.rpc.Status: the body is too large, as sent or inflated.' },
    415: { description: 'A google.rpc.Status: another content type or encoding.' },
    503: { description: 'A google.rpc.Status: the disk does not take the spans now. Try again.' },
  },
});

const ignoredRoute = (signal: 'metrics' | 'logs') =>
  createRoute({
    method: 'post',
    path: `/v1/${signal}`,
    tags: ['OpenTelemetry'],
    summary: `Accept ${signal} (OTLP/HTTP)`,
    description: `So that an exporter of ${signal} stays quiet. Nothing is read from them: costs come from traces.`,
    request: { body },
    responses: { 200: { description: 'An empty answer in the encoding of the request.' } },
  });

/** The paths of OTLP/HTTP, on the control plane and on a port of their own. */
export function registerOtlpRoutes(app: OpenAPIHono, telemetry: Telemetry | undefined): void {
  app.openAPIRegistry.registerPath(tracesRoute);
  app.post(tracesRoute.path, (context) =>
    telemetry === undefined
      ? problem(context, 503, 'read_only', 'This control plane has no journal to write to.')
      : telemetry.traces(context.req.raw),
  );
  for (const signal of ['metrics', 'logs'] as const) {
    const route = ignoredRoute(signal);
    app.openAPIRegistry.registerPath(route);
    app.post(route.path, (context) =>
      telemetry === undefined
        ? problem(context, 503, 'read_only', 'This control plane has no journal to write to.')
        : telemetry.ignore(context.req.raw, signal),
    );
  }
}

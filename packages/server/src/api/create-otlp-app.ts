import type { OpenAPIHono } from '@hono/zod-openapi';
import { accessControl, type AccessOptions } from './access.js';
import { newApp } from './new-app.js';
import { problem } from './problem.js';
import type { Telemetry } from './ports.js';
import { registerOtlpRoutes } from './routes/otlp.js';

export interface OtlpAppOptions extends AccessOptions {
  telemetry: Telemetry;
  onError?: (error: Error, request: { method: string; path: string }) => void;
}

/** OTLP/HTTP on a port of its own: the three paths and `/healthz`, and nothing of the books. */
export function createOtlpApp({ telemetry, onError, ...access }: OtlpAppOptions): OpenAPIHono {
  const app = newApp();
  app.use(accessControl(access));
  app.get('/healthz', (context) => context.text('ok'));
  registerOtlpRoutes(app, telemetry);
  app.notFound((context) =>
    problem(
      context,
      404,
      'not_found',
      'This port takes OTLP alone: POST /v1/traces. Dashboard and API are on the port of the control plane.',
    ),
  );
  app.onError((error, context) => {
    onError?.(error, { method: context.req.method, path: context.req.path });
    return problem(
      context,
      500,
      'internal_error',
      'Something went wrong; the log has the details.',
    );
  });
  return app;
}

import { FarthingError } from '@farthing/core';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { accessControl } from './access.js';
import { serveDashboard } from './dashboard.js';
import type { ControlPlaneDependencies, RouteDependencies } from './dependencies.js';
import { newApp } from './new-app.js';
import { openApiDocument } from './openapi-document.js';
import { problem, ProblemError } from './problem.js';
import { registerRoutes } from './routes/index.js';

const largestQuery = 1024 * 1024;
const largestPrice = 64 * 1024;

/**
 * The control plane's HTTP interface: the API under `/api/v1`, `/openapi.json`, health and metrics,
 * and the dashboard at `/`. Needs no socket: `app.request(…)` answers, and `serveControlPlane` puts
 * it on a port.
 */
export function createControlPlaneApp(dependencies: ControlPlaneDependencies): OpenAPIHono {
  const now = dependencies.now ?? (() => new Date());
  const complete: RouteDependencies = { ...dependencies, now, startedAt: now().toISOString() };
  const app = newApp();
  dependencies.metrics.watchLedger(dependencies.ledger);

  app.use(async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-resource-policy', 'same-origin');
    if (context.res.headers.get('cache-control') === null) {
      context.header('cache-control', 'no-store');
    }
  });
  app.use(accessControl(dependencies));
  app.use('/api/*', requireKnownBody);
  app.use(
    '/api/v1/query',
    bodyLimit({
      maxSize: largestQuery,
      onError: (context) =>
        problem(context, 413, 'body_too_large', 'A query has at most 1 MB. Use fewer values.'),
    }),
  );

  app.use(
    '/api/v1/prices',
    bodyLimit({
      maxSize: largestPrice,
      onError: (context) =>
        problem(context, 413, 'body_too_large', 'A price has at most 64 KB. Set one at a time.'),
    }),
  );

  registerRoutes(app, complete);
  const document = openApiDocument(app, dependencies.version);
  app.get('/openapi.json', (context) => context.json(document));

  const dashboard = serveDashboard(dependencies.dashboardDirectory);
  app.notFound((context) => answerUnknown(app, context, dashboard));
  app.onError((error, context) => answerError(error, context, dependencies.onError));
  return app;
}

/** POSTs must say that they are JSON: it also keeps plain HTML forms of other sites out. */
async function requireKnownBody(context: Context, next: () => Promise<void>) {
  if (context.req.method !== 'POST') return next();
  const type = (context.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const takesLines = context.req.path === '/api/v1/entries';
  const lineTypes = ['application/x-ndjson', 'application/jsonl', 'application/x-jsonlines'];
  if (type === 'application/json' || (takesLines && lineTypes.includes(type))) return next();
  return problem(
    context,
    415,
    'unsupported_media_type',
    `Send the header "content-type: application/json"${takesLines ? ' (a JSON array) or "application/x-ndjson" (one entry per line)' : ''}${type === '' ? '' : `, not "${type}"`}.`,
    'content-type',
  );
}

async function answerUnknown(
  app: OpenAPIHono,
  context: Context,
  dashboard: (context: Context) => Promise<Response>,
): Promise<Response> {
  const { method, path } = context.req;
  const allowed = allowedMethods(app, path);
  if (allowed.length > 0) {
    context.header('allow', allowed.join(', '));
    return problem(
      context,
      405,
      'method_not_allowed',
      `${path} takes ${allowed.join(' or ')}, not ${method}.`,
    );
  }
  if (path === '/api' || path.startsWith('/api/')) {
    return problem(
      context,
      404,
      'not_found',
      `There is no ${path}. All routes are described in /openapi.json.`,
    );
  }
  if (method === 'GET' || method === 'HEAD') return dashboard(context);
  context.header('allow', 'GET, HEAD');
  return problem(context, 405, 'method_not_allowed', `${path} takes GET, not ${method}.`);
}

function allowedMethods(app: OpenAPIHono, path: string): string[] {
  const methods = app.routes
    .filter((route) => route.method !== 'ALL' && patternOf(route.path).test(path))
    .map((route) => route.method);
  return [...new Set(methods)];
}

function patternOf(routePath: string): RegExp {
  const source = routePath
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

function answerError(
  error: Error,
  context: Context,
  onError: ControlPlaneDependencies['onError'],
): Response {
  if (error instanceof ProblemError) {
    return problem(context, error.status, error.code, error.message, error.field);
  }
  if (error instanceof HTTPException) {
    const status = error.status === 413 ? 413 : 400;
    return problem(
      context,
      status,
      'invalid_json',
      `The body is not JSON: ${error.message}. Send one JSON object.`,
    );
  }
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return problem(
      context,
      400,
      'too_deep',
      'The body is nested too deeply. Send plain values and lists.',
    );
  }
  if (FarthingError.isInstance(error)) {
    return problem(context, error.code === 'unknown_run' ? 404 : 400, error.code, error.message);
  }
  onError?.(error, { method: context.req.method, path: context.req.path });
  return problem(
    context,
    500,
    'internal_error',
    'Something went wrong inside the control plane; its log has the details. Nothing is lost: entries stay in the journal.',
  );
}

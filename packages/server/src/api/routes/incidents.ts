import { FarthingError, type AlertAccess } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import {
  actSchema,
  alertOverviewSchema,
  causeSchema,
  dryRunRequestSchema,
  dryRunSchema,
  incidentListSchema,
  incidentSchema,
  muteSchema,
  orderSchema,
  sinkTrialSchema,
} from '../schemas/incidents.js';
import { problems } from '../schemas/responses.js';

const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: json(schema),
});
const id = z.object({ id: z.string().max(64) });
const tags = ['Incidents'];
const answered = {
  200: { description: 'The incident as it is now.', content: json(incidentSchema) },
  ...problems(400, 404, 503),
};

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/incidents',
  tags,
  summary: 'What was found to be wrong, the latest first',
  request: {
    query: z.object({
      state: z.enum(['open', 'acknowledged', 'resolved', 'active']).optional().openapi({
        description: '`active`: open or acknowledged.',
      }),
      severity: z.enum(['page', 'record']).optional(),
      cause: causeSchema.optional(),
      since: z
        .string()
        .max(64)
        .optional()
        .openapi({ description: 'Seen at this ISO time or later.' }),
      group: z.string().max(512).optional().openapi({ example: 'feature=search' }),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
  },
  responses: {
    200: { description: 'Incidents.', content: json(incidentListSchema) },
    ...problems(400, 503),
  },
});

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/incidents/{id}',
  tags,
  summary: 'One incident with its cause, size, likely change and history',
  request: { params: id },
  responses: answered,
});

const muteRoute = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/mute',
  tags,
  summary: 'Tell nobody of it for a while; it goes on being judged',
  request: { params: id, body: body(muteSchema) },
  responses: answered,
});

const orderRoute = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/{order}',
  tags,
  summary: 'Acknowledge, resolve or unmute an incident',
  request: {
    params: id.extend({ order: z.enum(['acknowledge', 'resolve', 'unmute']) }),
    body: body(orderSchema),
  },
  responses: answered,
});

const actRoute = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/actions',
  tags,
  summary: 'Throttle, degrade or break its calls, or stop its run, for a stated time',
  request: { params: id, body: body(actSchema) },
  responses: answered,
});

const decideRoute = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/actions/{action}/{decision}',
  tags,
  summary: 'Approve or decline an action that waits, or revert one that is in force',
  request: {
    params: id.extend({
      action: z.string().max(64),
      decision: z.enum(['approve', 'revert', 'decline']),
    }),
    body: body(orderSchema),
  },
  responses: answered,
});

const alertsRoute = createRoute({
  method: 'get',
  path: '/api/v1/alerts',
  tags,
  summary: 'Detectors and rules in force, groups watched, sinks and actions',
  responses: {
    200: { description: 'What watches.', content: json(alertOverviewSchema) },
    ...problems(503),
  },
});

const testRoute = createRoute({
  method: 'post',
  path: '/api/v1/alerts/test',
  tags,
  summary: 'How often a rule would have fired on what is booked, and on what',
  request: { body: body(dryRunRequestSchema) },
  responses: {
    200: { description: 'What it would have said.', content: json(dryRunSchema) },
    ...problems(400, 404, 503),
  },
});

const trySinkRoute = createRoute({
  method: 'post',
  path: '/api/v1/alerts/sinks/{name}/try',
  tags,
  summary: 'Send a test notice to a sink, marked as one',
  request: { params: z.object({ name: z.string().max(64) }), body: body(z.strictObject({})) },
  responses: {
    200: { description: 'Whether it was taken, and why not.', content: json(sinkTrialSchema) },
    ...problems(404, 503),
  },
});

export function registerIncidentRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const desk = () => alertsOf(dependencies);

  app.openapi(listRoute, async (context) => {
    const list = await asked(desk().incidents(context.req.valid('query')));
    return context.json(list, 200);
  });

  app.openapi(showRoute, async (context) =>
    context.json(await asked(desk().incident(context.req.valid('param').id)), 200),
  );

  app.openapi(muteRoute, async (context) => {
    const { id: which } = context.req.valid('param');
    return context.json(await asked(desk().mute(which, context.req.valid('json'))), 200);
  });

  app.openapi(actRoute, async (context) => {
    const { id: which } = context.req.valid('param');
    return context.json(await asked(desk().act(which, context.req.valid('json'))), 200);
  });

  app.openapi(orderRoute, async (context) => {
    const { id: which, order } = context.req.valid('param');
    return context.json(await asked(desk()[order](which, context.req.valid('json'))), 200);
  });

  app.openapi(decideRoute, async (context) => {
    const { id: which, action, decision } = context.req.valid('param');
    const decided = desk().decide(which, action, decision, context.req.valid('json'));
    return context.json(await asked(decided), 200);
  });

  app.openapi(alertsRoute, async (context) => context.json(await asked(desk().overview()), 200));

  app.openapi(trySinkRoute, async (context) =>
    context.json(await asked(desk().trySink(context.req.valid('param').name)), 200),
  );

  app.openapi(testRoute, async (context) =>
    context.json(await asked(desk().test(context.req.valid('json'))), 200),
  );
}

/** Throws `alerts_unavailable` where nothing watches. */
function alertsOf({ alerts }: RouteDependencies): AlertAccess {
  if (alerts !== undefined) return alerts;
  throw new ProblemError(503, 'alerts_unavailable', 'This control plane watches for nothing.');
}

/** Gives what is not there, and what cannot be written, an HTTP status of its own. */
async function asked<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    const { code, message } = error;
    if (code.startsWith('unknown_')) throw new ProblemError(404, code, message);
    if (code.endsWith('_unwritable')) throw new ProblemError(503, code, message);
    throw error;
  }
}

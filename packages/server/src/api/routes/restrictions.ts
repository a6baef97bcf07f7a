import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { recordedSchema } from '../schemas/budgets.js';
import { problems } from '../schemas/responses.js';
import {
  notedSchema,
  restrictionListSchema,
  restrictionSchema,
  restrictSchema,
  stoppedRunSchema,
  stopRunSchema,
} from '../schemas/restrictions.js';
import { asked, budgetsOf } from './budgets.js';

const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: json(schema),
});
const id = z.object({ id: z.string().min(1).max(256) });
const tags = ['Restrictions'];

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/restrictions',
  tags,
  summary: 'What restricts calls beside budgets, and which runs are stopped',
  responses: {
    200: { description: 'What is in force.', content: json(restrictionListSchema) },
    ...problems(503),
  },
});

const restrictRoute = createRoute({
  method: 'post',
  path: '/api/v1/restrictions',
  tags,
  summary: 'Throttle, degrade or block the calls of a scope for a time',
  request: { body: body(restrictSchema) },
  responses: {
    200: { description: 'In force.', content: json(restrictionSchema) },
    ...problems(400, 415, 503),
  },
});

const liftRoute = createRoute({
  method: 'post',
  path: '/api/v1/restrictions/{id}/lift',
  tags,
  summary: 'End a restriction before its time',
  request: { params: id, body: body(notedSchema) },
  responses: {
    200: { description: 'Recorded.', content: json(recordedSchema) },
    ...problems(400, 404, 415, 503),
  },
});

const stopRoute = createRoute({
  method: 'post',
  path: '/api/v1/runs/{id}/stop',
  tags,
  summary: 'Refuse the calls of a run for a time',
  request: { params: id, body: body(stopRunSchema) },
  responses: {
    200: { description: 'Stopped.', content: json(stoppedRunSchema) },
    ...problems(400, 415, 503),
  },
});

const releaseRoute = createRoute({
  method: 'post',
  path: '/api/v1/runs/{id}/release',
  tags,
  summary: 'Let a stopped run go on',
  request: { params: id, body: body(notedSchema) },
  responses: {
    200: { description: 'Recorded.', content: json(recordedSchema) },
    ...problems(400, 404, 415, 503),
  },
});

export function registerRestrictionRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const desk = () => budgetsOf(dependencies);

  app.openapi(listRoute, async (context) => context.json(await desk().restrictions(), 200));

  app.openapi(restrictRoute, async (context) => {
    const { by, ...order } = context.req.valid('json');
    return context.json(await asked(desk().restrict(order, by)), 200);
  });

  app.openapi(liftRoute, async (context) => {
    const { by, note } = context.req.valid('json');
    return context.json(await asked(desk().lift(context.req.valid('param').id, by, note)), 200);
  });

  app.openapi(stopRoute, async (context) => {
    const { by, ...order } = context.req.valid('json');
    const { id: run } = context.req.valid('param');
    return context.json(await asked(desk().stopRun(run, order, by)), 200);
  });

  app.openapi(releaseRoute, async (context) => {
    const { by, note } = context.req.valid('json');
    const { id: run } = context.req.valid('param');
    return context.json(await asked(desk().releaseRun(run, by, note)), 200);
  });
}

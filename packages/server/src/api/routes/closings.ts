import { parseMoment } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { closeRequestSchema, closingSchema, restatementSchema } from '../schemas/corrections.js';
import { problems } from '../schemas/responses.js';
import { writable } from './corrections.js';

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/closings',
  tags: ['Corrections'],
  summary: 'The months that were closed, oldest closing first',
  responses: {
    200: {
      description: 'All closings; for a month that was closed again, the last one holds.',
      content: { 'application/json': { schema: z.object({ closings: z.array(closingSchema) }) } },
    },
    ...problems(503),
  },
});

const closeRoute = createRoute({
  method: 'post',
  path: '/api/v1/closings',
  tags: ['Corrections'],
  summary: 'Close a month: record its figures as known at a time',
  request: {
    body: { required: true, content: { 'application/json': { schema: closeRequestSchema } } },
  },
  responses: {
    201: {
      description: 'The closing.',
      content: { 'application/json': { schema: closingSchema } },
    },
    ...problems(400, 415, 503),
  },
});

const restatementRoute = createRoute({
  method: 'get',
  path: '/api/v1/restatements/{month}',
  tags: ['Corrections'],
  summary: 'A closed month as closed, as known now, and what accounts for the difference',
  request: { params: z.object({ month: z.string().max(16).openapi({ example: '2026-10' }) }) },
  responses: {
    200: {
      description: 'The restatement.',
      content: { 'application/json': { schema: restatementSchema } },
    },
    ...problems(400, 503),
  },
});

export function registerClosingRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { now } = dependencies;

  app.openapi(listRoute, async (context) => {
    const closings = await writable(dependencies).closings();
    return context.json({ closings }, 200);
  });

  app.openapi(closeRoute, async (context) => {
    const { month, as_of: asOf, by = 'api', again } = context.req.valid('json');
    const closing = await writable(dependencies).close({
      month,
      by,
      again: again ?? false,
      ...(asOf === undefined ? {} : { asOf: parseMoment(asOf, now()) }),
    });
    return context.json(closing, 201);
  });

  app.openapi(restatementRoute, async (context) => {
    const { month } = context.req.valid('param');
    return context.json(await writable(dependencies).restatement(month), 200);
  });
}

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';

const outletSchema = z
  .object({
    name: z.string(),
    type: z.string().openapi({ example: 'postgres' }),
    state: z.enum(['running', 'waiting', 'refused', 'stopped']).openapi({
      description:
        '`waiting`: the other side fails at the moment; `refused`: it will until something is changed. Nothing is lost: entries wait in the journals.',
    }),
    delivered: z.number().int().openapi({ description: 'Entries since it was set up.' }),
    behind_bytes: z.number().int(),
    last_delivered_at: z.string().nullable(),
    problem: z.string().nullable(),
  })
  .openapi('Outlet');

const outletsRoute = createRoute({
  method: 'get',
  path: '/api/v1/outlets',
  tags: ['Operations'],
  summary: 'Where booked entries go besides the store, and how far each outlet is',
  responses: {
    200: {
      description: 'The outlets of the configuration, in its order.',
      content: { 'application/json': { schema: z.object({ outlets: z.array(outletSchema) }) } },
    },
  },
});

export function registerOutletsRoute(app: OpenAPIHono, { outlets }: RouteDependencies): void {
  app.openapi(outletsRoute, (context) => context.json({ outlets: [...(outlets?.() ?? [])] }, 200));
}

import { buildAudit } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import {
  filterParameter,
  limitParameter,
  readDimensionParameters,
  readFilterParameters,
  readWindowParameters,
  sinceParameter,
  untilParameter,
} from '../parameters.js';
import { auditSchema } from '../schemas/audit.js';
import { problems } from '../schemas/responses.js';

const auditRoute = createRoute({
  method: 'get',
  path: '/api/v1/audit',
  tags: ['Reports'],
  summary: 'Where input tokens come from, what that costs, and what would save most',
  request: {
    query: z.object({
      by: z.string().max(512).optional().openapi({
        description: 'Dimensions, comma-separated. Default: feature.',
        example: 'feature,template_version',
      }),
      since: sinceParameter,
      until: untilParameter,
      filter: filterParameter,
      limit: limitParameter(10_000, 1000),
    }),
  },
  responses: {
    200: {
      description: 'Groups of calls, the largest inputs first. Seven days by default.',
      content: { 'application/json': { schema: auditSchema } },
    },
    ...problems(400),
  },
});

export function registerAuditRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, now } = dependencies;
  app.openapi(auditRoute, async (context) => {
    const { by, filter, limit, ...ends } = context.req.valid('query');
    const report = await buildAudit((query) => store.query(query), {
      by: readDimensionParameters(by ?? 'feature'),
      window: readWindowParameters({ ...ends, since: ends.since ?? '7d' }, now())!,
      filters: readFilterParameters(filter),
      limit,
    });
    return context.json(report, 200);
  });
}

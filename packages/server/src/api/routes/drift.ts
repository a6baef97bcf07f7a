import { buildDrift } from '@farthing/core';
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
import { driftSchema } from '../schemas/drift.js';
import { problems } from '../schemas/responses.js';

const driftRoute = createRoute({
  method: 'get',
  path: '/api/v1/drift',
  tags: ['Reports'],
  summary: 'Where estimates are off: direction, size, since when; and whose P95 moved',
  request: {
    query: z.object({
      by: z.string().max(512).optional().openapi({
        description: 'Dimensions, comma-separated. Default: feature.',
        example: 'feature,template_version',
      }),
      since: sinceParameter,
      until: untilParameter,
      filter: filterParameter,
      threshold: z.coerce.number().min(0).max(1000).optional().openapi({
        description: 'Calls further from their estimate are counted. Default: as configured (0.3).',
      }),
      limit: limitParameter(10_000, 1000),
    }),
  },
  responses: {
    200: {
      description: 'Groups of calls, biased ones first. The window is seven days by default.',
      content: { 'application/json': { schema: driftSchema } },
    },
    ...problems(400),
  },
});

export function registerDriftRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, now, driftThreshold } = dependencies;
  app.openapi(driftRoute, async (context) => {
    const { by, filter, threshold = driftThreshold, limit, ...ends } = context.req.valid('query');
    const report = await buildDrift((query) => store.query(query), {
      by: readDimensionParameters(by ?? 'feature'),
      window: readWindowParameters({ ...ends, since: ends.since ?? '7d' }, now())!,
      filters: readFilterParameters(filter),
      limit,
      ...(threshold === undefined ? {} : { threshold }),
    });
    return context.json(report, 200);
  });
}

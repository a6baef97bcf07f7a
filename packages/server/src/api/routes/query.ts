import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import { asQuery, queryResultSchema, querySchema } from '../schemas/query.js';
import { problems } from '../schemas/responses.js';

const queryRoute = createRoute({
  method: 'post',
  path: '/api/v1/query',
  tags: ['Reports'],
  summary: 'Ask for measures by dimensions',
  request: {
    body: { required: true, content: { 'application/json': { schema: querySchema } } },
  },
  responses: {
    200: {
      description: 'The rows.',
      content: { 'application/json': { schema: queryResultSchema } },
    },
    ...problems(400, 413, 415),
  },
});

export function registerQueryRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store } = dependencies;

  app.openapi(queryRoute, async (context) => {
    const query = asQuery(context.req.valid('json'));
    const columns = [...query.measures, ...(query.dimensions ?? [])] as string[];
    for (const [index, { by }] of (query.order ?? []).entries()) {
      if (columns.includes(by) || (by === 'bucket' && query.bucket !== undefined)) continue;
      throw new ProblemError(
        400,
        'invalid_input',
        `Cannot order by "${by}", which is not among the query's measures and dimensions.`,
        `order[${index}].by`,
      );
    }
    return context.json(await store.query(query), 200);
  });
}

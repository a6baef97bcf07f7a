import type { Filter, QueryRow } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { readWindowParameters, sinceParameter, untilParameter } from '../parameters.js';
import { problems } from '../schemas/responses.js';
import { unpricedSchema } from '../schemas/status.js';

const unpricedRoute = createRoute({
  method: 'get',
  path: '/api/v1/unpriced',
  tags: ['Reports'],
  summary: 'Models whose calls have no price, busiest first',
  request: { query: z.object({ since: sinceParameter, until: untilParameter }) },
  responses: {
    200: {
      description: 'At most 100 combinations of provider, model and reason.',
      content: { 'application/json': { schema: unpricedSchema } },
    },
    ...problems(400),
  },
});

export function registerUnpricedRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, now } = dependencies;

  app.openapi(unpricedRoute, async (context) => {
    const window = readWindowParameters(context.req.valid('query'), now());
    const scope = window === undefined ? {} : { window };
    const result = await store.query({
      ...scope,
      measures: ['unpriced_calls', 'tokens_input', 'tokens_output', 'reported_cost'],
      dimensions: ['provider', 'model', 'cost_status'],
      filters: [{ dimension: 'cost_status', op: 'not_in', values: ['priced', 'partial'] }],
      limit: 100,
    });
    const edge = async (row: QueryRow, order: 'oldest' | 'newest') => {
      const filters: Filter[] = (['provider', 'model', 'cost_status'] as const).map(
        (dimension) => ({
          dimension,
          op: 'in',
          values: [row[dimension] == null ? null : String(row[dimension])],
        }),
      );
      const [call] = await store.calls({ ...scope, filters, order, limit: 1 });
      return call?.started_at ?? null;
    };
    const models = [];
    for (const row of result.rows) {
      if (Number(row['unpriced_calls']) === 0) continue;
      models.push({
        provider: text(row['provider']),
        model: text(row['model']),
        cost_status: text(row['cost_status']),
        calls: Number(row['unpriced_calls']),
        tokens_input: Number(row['tokens_input'] ?? 0),
        tokens_output: Number(row['tokens_output'] ?? 0),
        reported_usd: text(row['reported_cost']),
        first_seen: await edge(row, 'oldest'),
        last_seen: await edge(row, 'newest'),
      });
    }
    return context.json({ models }, 200);
  });
}

function text(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value);
}

import {
  callDimensions,
  readDimension,
  tagNames,
  FarthingError,
  type Dimension,
} from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import {
  limitParameter,
  readWindowParameters,
  sinceParameter,
  untilParameter,
} from '../parameters.js';
import { ProblemError } from '../problem.js';
import { problems } from '../schemas/responses.js';
import { dimensionsSchema, dimensionValuesSchema } from '../schemas/status.js';

const dimensionsRoute = createRoute({
  method: 'get',
  path: '/api/v1/dimensions',
  tags: ['Dimensions'],
  summary: 'What calls can be grouped and filtered by, and which of it has data',
  request: { query: z.object({ since: sinceParameter, until: untilParameter }) },
  responses: {
    200: {
      description: 'Tags first, then what Farthing records itself, then custom tags.',
      content: { 'application/json': { schema: dimensionsSchema } },
    },
    ...problems(400),
  },
});

const valuesRoute = createRoute({
  method: 'get',
  path: '/api/v1/dimensions/{name}/values',
  tags: ['Dimensions'],
  summary: 'The values of a dimension, dearest first',
  request: {
    params: z.object({ name: z.string().max(128) }),
    query: z.object({
      since: sinceParameter,
      until: untilParameter,
      limit: limitParameter(10_000, 100),
    }),
  },
  responses: {
    200: {
      description: 'The values with their calls and cost.',
      content: { 'application/json': { schema: dimensionValuesSchema } },
    },
    ...problems(400, 404),
  },
});

/** Every call has these, so that one count answers for all of them. */
const alwaysSet: ReadonlySet<string> = new Set([
  'provider',
  'api',
  'source',
  'outcome',
  'cost_status',
  'attempt',
  'stream',
]);

export function registerDimensionRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, now } = dependencies;

  app.openapi(dimensionsRoute, async (context) => {
    const window = readWindowParameters(context.req.valid('query'), now());
    const scope = window === undefined ? {} : { window };
    const hasData = async (dimension: Dimension) => {
      const result = await store.query({
        ...scope,
        measures: ['calls'],
        filters: [{ dimension, op: 'not_in', values: [null] }],
      });
      return Number(result.rows[0]?.['calls'] ?? 0) > 0;
    };
    const total = store.query({ ...scope, measures: ['calls'] });
    const named = [
      ...tagNames.map((name) => ({ name, kind: 'tag' as const })),
      ...callDimensions.map((name) => ({ name, kind: 'call' as const })),
    ];
    const [known, custom] = await Promise.all([
      Promise.all(
        named.map(async ({ name, kind }) => ({
          name,
          kind,
          has_data: alwaysSet.has(name)
            ? Number((await total).rows[0]?.['calls'] ?? 0) > 0
            : await hasData(name),
        })),
      ),
      store.tagKeys(window),
    ]);
    const keys = custom.map((key) => ({
      name: `tag:${key}`,
      kind: 'custom' as const,
      has_data: true,
    }));
    return context.json({ dimensions: [...known, ...keys] }, 200);
  });

  app.openapi(valuesRoute, async (context) => {
    const { limit, ...ends } = context.req.valid('query');
    const dimension = dimensionOf(context.req.valid('param').name);
    const window = readWindowParameters(ends, now());
    const result = await store.query({
      ...(window === undefined ? {} : { window }),
      measures: ['cost', 'calls'],
      dimensions: [dimension],
      limit,
    });
    const values = result.rows.map((row) => ({
      value: row[dimension] == null ? null : String(row[dimension]),
      calls: Number(row['calls']),
      cost: row['cost'] == null ? null : String(row['cost']),
    }));
    return context.json({ name: dimension, values, truncated: result.truncated }, 200);
  });
}

function dimensionOf(name: string): Dimension {
  try {
    return readDimension(name);
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    throw new ProblemError(404, error.code, error.message, 'name');
  }
}

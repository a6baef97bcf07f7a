import { asOfClosing, buildReport } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import {
  asOfParameter,
  filterParameter,
  limitParameter,
  readAsOfParameter,
  readBucketParameter,
  readDimensionParameters,
  readFilterParameters,
  readMeasureParameters,
  readWindowParameters,
  sinceParameter,
  untilParameter,
} from '../parameters.js';
import { ProblemError } from '../problem.js';
import { asQuery, queryResultSchema, querySchema, reportSchema } from '../schemas/query.js';
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

const reportRoute = createRoute({
  method: 'get',
  path: '/api/v1/report',
  tags: ['Reports'],
  summary: 'Spend by dimensions, with shares and totals, in one GET',
  request: {
    query: z.object({
      by: z.string().max(512).optional().openapi({
        description: 'Dimensions, comma-separated. Default: feature.',
        example: 'feature,model',
      }),
      measures: z.string().max(1024).optional().openapi({
        description: 'Measures, comma-separated.',
        example: 'cost,calls,cost_p95',
      }),
      since: sinceParameter,
      until: untilParameter,
      as_of: asOfParameter,
      bucket: z.string().max(16).optional().openapi({
        description: 'minute, hour, day, week or month: one row for each.',
      }),
      filter: filterParameter,
      limit: limitParameter(100_000, 1000),
    }),
  },
  responses: {
    200: {
      description: 'Rows with their share of the cost, and the totals of the whole window.',
      content: { 'application/json': { schema: reportSchema } },
    },
    ...problems(400),
  },
});

export function registerQueryRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, now } = dependencies;

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

  app.openapi(reportRoute, async (context) => {
    const parameters = context.req.valid('query');
    const window = readWindowParameters(parameters, now());
    const measures = readMeasureParameters(parameters.measures);
    const bucket = readBucketParameter(parameters.bucket);
    const asOf = await readAsOfParameter(parameters.as_of, now(), async () =>
      asOfClosing(window, (await dependencies.corrections?.closings()) ?? []),
    );
    const report = await buildReport((query) => store.query(query), {
      by: readDimensionParameters(parameters.by ?? 'feature'),
      filters: readFilterParameters(parameters.filter),
      limit: parameters.limit,
      ...(window === undefined ? {} : { window }),
      ...(measures === undefined ? {} : { measures }),
      ...(bucket === undefined ? {} : { bucket }),
      ...(asOf === undefined ? {} : { asOf }),
    });
    return context.json(report, 200);
  });
}

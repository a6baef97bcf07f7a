import { FarthingError } from '@farthing/core';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import { estimateRequestSchema, estimateSchema } from '../schemas/budgets.js';
import { problems } from '../schemas/responses.js';
import { budgetsOf } from './budgets.js';

const estimateRoute = createRoute({
  method: 'post',
  path: '/api/v1/estimates',
  tags: ['Budgets'],
  summary: 'What a request would cost on which model, and where its input comes from',
  request: {
    body: { required: true, content: { 'application/json': { schema: estimateRequestSchema } } },
  },
  responses: {
    200: {
      description:
        'The models, the cheapest first. Nothing is sent to any provider without `count`.',
      content: { 'application/json': { schema: estimateSchema } },
    },
    ...problems(400, 413, 415, 502, 503),
  },
});

export function registerEstimateRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  app.openapi(estimateRoute, async (context) => {
    const {
      count,
      models,
      provider,
      feature,
      template_version: template,
      request,
    } = context.req.valid('json');
    const asked = {
      request,
      ...(models === undefined ? {} : { models }),
      ...(provider === undefined ? {} : { provider }),
      ...(feature === undefined ? {} : { feature }),
      ...(template === undefined ? {} : { template_version: template }),
      ...(count === undefined ? {} : { count }),
    };
    const estimate = await budgetsOf(dependencies).estimate(asked).catch(asProblem);
    return context.json(estimate, 200);
  });
}

/** A provider that did not count is no mistake of the caller. */
function asProblem(error: unknown): never {
  if (FarthingError.isInstance(error) && error.code === 'count_failed') {
    throw new ProblemError(502, error.code, error.message);
  }
  throw error;
}

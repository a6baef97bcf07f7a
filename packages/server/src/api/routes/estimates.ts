import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
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
      description: 'The models, the cheapest first. Nothing is sent to any provider.',
      content: { 'application/json': { schema: estimateSchema } },
    },
    ...problems(400, 413, 415, 503),
  },
});

export function registerEstimateRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  app.openapi(estimateRoute, async (context) => {
    const {
      models,
      provider,
      feature,
      template_version: template,
      request,
    } = context.req.valid('json');
    const estimate = await budgetsOf(dependencies).estimate({
      request,
      ...(models === undefined ? {} : { models }),
      ...(provider === undefined ? {} : { provider }),
      ...(feature === undefined ? {} : { feature }),
      ...(template === undefined ? {} : { template_version: template }),
    });
    return context.json(estimate, 200);
  });
}

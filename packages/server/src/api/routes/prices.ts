import { FarthingError } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { readWindowParameters, sinceParameter, untilParameter } from '../parameters.js';
import { ProblemError } from '../problem.js';
import {
  missingPricesSchema,
  ownPriceRequestSchema,
  ownPriceResultSchema,
  priceBookStatusSchema,
  priceViewSchema,
} from '../schemas/prices.js';
import { problems } from '../schemas/responses.js';

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  'application/json': { schema },
});

const statusRoute = createRoute({
  method: 'get',
  path: '/api/v1/prices',
  tags: ['Prices'],
  summary: 'Where prices come from, in rising precedence, and how each source is',
  responses: { 200: { description: 'The sources.', content: json(priceBookStatusSchema) } },
});

const missingRoute = createRoute({
  method: 'get',
  path: '/api/v1/prices/missing',
  tags: ['Prices'],
  summary: 'Calls that have no price, or a part of one, and what to add for each',
  request: { query: z.object({ since: sinceParameter, until: untilParameter }) },
  responses: {
    200: {
      description: 'Busiest first. What repricing has priced since is not among them.',
      content: json(missingPricesSchema),
    },
    ...problems(400),
  },
});

const modelRoute = createRoute({
  method: 'get',
  path: '/api/v1/prices/{provider}/{model}',
  tags: ['Prices'],
  summary: 'The rates of a model in force, their origin, and every row about it',
  request: {
    params: z.object({
      provider: z.string().max(256),
      model: z.string().max(256).openapi({ description: 'A slash in it is written as %2F.' }),
    }),
    query: z.object({
      at: z.string().max(64).optional().openapi({ description: 'ISO 8601; default: now.' }),
    }),
  },
  responses: {
    200: { description: 'The prices.', content: json(priceViewSchema) },
    ...problems(400, 404),
  },
});

const anyProviderRoute = createRoute({
  method: 'get',
  path: '/api/v1/models/{model}/prices',
  tags: ['Prices'],
  summary: 'The rates of a model whose provider is not named, at one that has it',
  description:
    'Shows it at the provider that it is prefixed with (`openai/gpt-4.1`), at a common one, or at any that has it. `others` names those that have it at other rates.',
  request: {
    params: modelRoute.request.params.pick({ model: true }),
    query: modelRoute.request.query,
  },
  responses: modelRoute.responses,
});

const setRoute = createRoute({
  method: 'post',
  path: '/api/v1/prices',
  tags: ['Prices'],
  summary: 'Add a price of your own',
  description:
    'Appends a dated row over the published prices. Without `effective_from`, a model that has a price gets this one from now on, and one without since always. What is booked keeps its cost until it is repriced.',
  request: { body: { content: json(ownPriceRequestSchema), required: true } },
  responses: {
    201: { description: 'The row as it was recorded.', content: json(ownPriceResultSchema) },
    ...problems(400, 413, 415, 503),
  },
});

export function registerPriceRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { prices, now } = dependencies;

  app.openapi(statusRoute, (context) => context.json(prices.status(), 200));

  app.openapi(missingRoute, async (context) => {
    const window = readWindowParameters(context.req.valid('query'), now());
    return context.json({ missing: await prices.missing(window) }, 200);
  });

  app.openapi(modelRoute, (context) => {
    const { provider, model } = context.req.valid('param');
    const { at } = context.req.valid('query');
    const view = withStatus('unknown_model', 404, () => prices.show({ provider, model, at }));
    // The same shape: the schema leaves open what else a row may say.
    return context.json(view as unknown as z.output<typeof priceViewSchema>, 200);
  });

  app.openapi(anyProviderRoute, (context) => {
    const { model } = context.req.valid('param');
    const { at } = context.req.valid('query');
    const view = withStatus('unknown_model', 404, () => prices.show({ model, at }));
    return context.json(view as unknown as z.output<typeof priceViewSchema>, 200);
  });

  app.openapi(setRoute, async (context) => {
    const { tool, note, ...request } = context.req.valid('json');
    const result = await prices
      .set({
        ...request,
        ...(tool === undefined ? {} : { tool }),
        ...(note === undefined ? {} : { note }),
      })
      .catch((error: unknown) =>
        withStatus('prices_unwritable', 503, () => {
          throw error;
        }),
      );
    return context.json(result, 201);
  });
}

/** Gives an error of that code an HTTP status of its own; others stay what they are. */
function withStatus<Result>(code: string, status: 404 | 503, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!FarthingError.isInstance(error) || error.code !== code) throw error;
    throw new ProblemError(status, code, error.message);
  }
}

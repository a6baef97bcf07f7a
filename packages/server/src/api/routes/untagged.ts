import { buildUntagged } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import {
  limitParameter,
  readWindowParameters,
  sinceParameter,
  untilParameter,
} from '../parameters.js';
import { problems } from '../schemas/responses.js';

const cost = z
  .string()
  .nullable()
  .openapi({ description: 'USD, exact; null when none of it is known.' });

const untaggedSchema = z
  .object({
    window: z.object({ from: z.string(), to: z.string() }),
    calls: z.number().int(),
    cost,
    tags: z.array(
      z.object({
        tag: z.string(),
        required: z
          .boolean()
          .openapi({ description: 'Whether a rule of `tags.require` asks for it.' }),
        calls: z.number().int(),
        cost,
        share_of_calls: z.number(),
        senders: z.array(
          z.object({
            source: z.string(),
            provider: z.string(),
            api: z.string(),
            model: z.string().nullable(),
            key: z.string().nullable(),
            calls: z.number().int(),
            cost,
          }),
        ),
      }),
    ),
  })
  .openapi('UntaggedReport');

const untaggedRoute = createRoute({
  method: 'get',
  path: '/api/v1/untagged',
  tags: ['Reports'],
  summary: 'Who sends calls without the tags that are asked for',
  request: {
    query: z.object({
      tags: z.string().max(512).optional().openapi({
        description: 'Tags, comma-separated. Default: feature and all that rules require.',
        example: 'feature,agent',
      }),
      since: sinceParameter,
      until: untilParameter,
      limit: limitParameter(1000, 20),
    }),
  },
  responses: {
    200: {
      description: 'By tag, the senders that spend most first. Seven days by default.',
      content: { 'application/json': { schema: untaggedSchema } },
    },
    ...problems(400),
  },
});

export function registerUntaggedRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, now, requiredTags: required = [] } = dependencies;
  app.openapi(untaggedRoute, async (context) => {
    const { tags, limit, ...ends } = context.req.valid('query');
    const asked = tags === undefined ? ['feature', ...required] : tags.split(',');
    const names = asked.map((tag) => tag.trim().replace(/^tag:/, '')).filter((tag) => tag !== '');
    const report = await buildUntagged((query) => store.query(query), {
      tags: [...new Set(names)],
      required,
      window: readWindowParameters({ ...ends, since: ends.since ?? '7d' }, now())!,
      limit,
    });
    return context.json(report, 200);
  });
}

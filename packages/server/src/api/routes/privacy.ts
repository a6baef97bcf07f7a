import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import { problems } from '../schemas/responses.js';

const forgottenSchema = z
  .object({
    tag: z.string(),
    entries: z.number().int().openapi({ description: 'Entries that carried one of the values.' }),
    cost: z
      .string()
      .nullable()
      .openapi({ description: 'Their cost in USD, which stays; null when none of it is known.' }),
    places: z.number().int().openapi({ description: 'Places in files that were changed.' }),
    replaced_by: z
      .string()
      .nullable()
      .openapi({ description: 'The name they go on under; null when the tag was taken away.' }),
  })
  .openapi('Forgotten');

const forgetRoute = createRoute({
  method: 'post',
  path: '/api/v1/privacy/forget',
  tags: ['Privacy'],
  summary: 'Break the link between a person and what is recorded',
  description:
    'Takes values as they are stored: `farthing forget` finds them with the key of the data directory, which no route gives out. All totals stay.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              tag: z.string().min(1).max(68).openapi({ example: 'user' }),
              stored: z
                .array(z.string().min(1).max(256))
                .min(1)
                .max(100)
                .openapi({ example: ['u_2f0c9a1b3d5e7f901234'] }),
              by: z.string().max(200).optional(),
              dry_run: z.boolean().default(false),
            })
            .openapi('ForgetRequest'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What was, or would be, changed.',
      content: { 'application/json': { schema: forgottenSchema } },
    },
    ...problems(400, 415, 503),
  },
});

export function registerPrivacyRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  app.openapi(forgetRoute, async (context) => {
    const { tag, stored, by = 'api', dry_run: dryRun } = context.req.valid('json');
    const { forget } = dependencies;
    if (forget === undefined) {
      throw new ProblemError(503, 'read_only', 'This control plane has no journal to write to.');
    }
    return context.json(await forget({ tag, stored, by, dryRun }), 200);
  });
}

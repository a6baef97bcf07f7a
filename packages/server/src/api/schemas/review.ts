import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { windowSchema } from './query.js';

const command = z.string().openapi({ description: 'The command that looks closer.' });

const chartSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('days'),
      series: z.array(z.object({ name: z.string(), values: z.array(orNull(usdSchema)) })),
      days: z.array(z.string()),
    }),
    z.object({
      kind: z.literal('bars'),
      bars: z.array(z.object({ label: z.string(), usd: usdSchema })),
    }),
    z.object({
      kind: z.literal('waterfall'),
      steps: z.array(z.object({ label: z.string(), from_usd: usdSchema, to_usd: usdSchema })),
    }),
  ])
  .openapi('ReviewChart');

export const reviewSchema = z
  .object({
    frame: frameSchema,
    summary: z.string().openapi({ description: 'What was spent and why that changed.' }),
    window: windowSchema,
    previous: windowSchema,
    sections: z
      .array(
        z
          .object({
            id: z.string().openapi({
              description:
                'spend, features, drift, templates, outliers, cache, substitutions, prompts, batchable, budgets, forecast, gaps.',
            }),
            title: z.string(),
            summary: z.string(),
            charts: z.array(chartSchema).optional(),
            table: z
              .object({
                columns: z.array(
                  z.object({
                    key: z.string(),
                    title: z.string(),
                    kind: z.enum(['text', 'usd', 'count', 'share', 'change']),
                  }),
                ),
                rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
              })
              .optional(),
            points: z.array(z.object({ text: z.string(), command: command.optional() })).optional(),
          })
          .openapi('ReviewSection'),
      )
      .openapi({
        description: 'In the order of the page; those with nothing to say are not there.',
      }),
    actions: z
      .array(
        z
          .object({
            title: z.string(),
            sentence: z.string(),
            monthly_usd: orNull(usdSchema).openapi({
              description: 'In 30 days at the pace of the window.',
            }),
            command,
            section: z.string(),
          })
          .openapi('ReviewAction'),
      )
      .openapi({
        description:
          'Things to do, what is worth most first; the page shows three. They do not add up: some undo others.',
      }),
  })
  .openapi('Review');

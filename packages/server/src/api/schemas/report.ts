import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull } from './money.js';
import { queryRowSchema, querySchema, windowSchema } from './query.js';

const valueSchema = z.union([z.string(), z.number(), z.null()]);

const changeSchema = z
  .object({
    before: valueSchema,
    change: valueSchema.openapi({ description: 'Now less before.' }),
    share: orNull(z.number()).openapi({
      description: '0.38: 38 % more than before; null without anything before.',
    }),
  })
  .openapi('MeasureChange');

const reportRowSchema = queryRowSchema.and(z.object({ cost_share: orNull(z.number()) }));

export const reportSchema = z
  .object({
    summary: z.string(),
    frame: frameSchema,
    query: querySchema,
    rows: z.array(reportRowSchema).openapi({
      description: 'Rows with `cost_share` (0 to 1) beside the measures.',
    }),
    other: z.array(reportRowSchema).openapi({
      description:
        'With `top`, all other groups together: rows and these add up to the totals. One row, or one for each bucket.',
    }),
    totals: queryRowSchema,
    comparison: orNull(
      z
        .object({
          window: windowSchema,
          rows: z
            .array(
              z.object({
                status: z.enum(['new', 'gone', 'kept']).openapi({
                  description: '`new`: no calls before; `gone`: no calls now.',
                }),
                measures: z.record(z.string(), changeSchema),
              }),
            )
            .openapi({ description: 'Of the rows above, in their order.' }),
          totals: z.record(z.string(), changeSchema),
          other: orNull(z.record(z.string(), changeSchema)).openapi({
            description: 'Of all groups beyond `top` together.',
          }),
        })
        .openapi('ReportComparison'),
    ),
    truncated: z.boolean().openapi({ description: 'True when `limit` cut rows off.' }),
    from: z.enum(['rollup', 'calls', 'both']).openapi({ description: 'What answered.' }),
  })
  .openapi('Report');

export const savedReportSchema = z
  .object({
    name: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.array(z.string())])).openapi({
      description: 'As `GET /api/v1/report` takes them. Windows stay as they were written.',
      example: { by: 'feature', since: '7d', compare: 'previous' },
    }),
    saved_at: z.string(),
  })
  .openapi('SavedReport');

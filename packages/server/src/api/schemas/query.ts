import {
  bucketSizes,
  callDimensions,
  didYouMean,
  dimensionNames,
  isDimension,
  measures,
  tagNames,
  type Dimension,
  type Query,
} from '@farthing/core';
import { z } from '@hono/zod-openapi';

const momentSchema = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time, e.g. 2026-03-15T14:00:00Z' })
  // Stores compare times as text in UTC with milliseconds: one spelling for each instant.
  .transform((text) => new Date(text).toISOString())
  .openapi({ type: 'string', format: 'date-time' });

export const measureSchema = z
  .enum(measures, {
    error: (issue) =>
      `unknown measure ${JSON.stringify(issue.input)}.${didYouMean(String(issue.input), measures)} Measures: ${measures.join(', ')}`,
  })
  .openapi('Measure');

export const bucketSchema = z
  .enum(bucketSizes, {
    error: (issue) =>
      `unknown bucket ${JSON.stringify(issue.input)}.${didYouMean(String(issue.input), bucketSizes)} Buckets: ${bucketSizes.join(', ')}`,
  })
  .openapi('BucketSize', {
    description: 'Buckets begin at UTC boundaries; weeks begin on Monday.',
  });

export const dimensionSchema = z
  .custom<Dimension>((value) => typeof value === 'string' && isDimension(value), {
    error: (issue) =>
      `unknown dimension ${JSON.stringify(issue.input)}.${didYouMean(String(issue.input), dimensionNames)} Dimensions: ${dimensionNames.join(', ')}; a custom tag is tag:<key>`,
  })
  .openapi('Dimension', {
    type: 'string',
    description: `One of ${[...tagNames, ...callDimensions].join(', ')}, or tag:<key> for a custom tag.`,
    example: 'feature',
  });

export const windowSchema = z
  .object({ from: momentSchema, to: momentSchema })
  .refine((window) => window.from < window.to, {
    error: 'is empty: `from` must be before `to`',
  })
  .openapi('Window', { description: 'Half-open interval of call start times: from ≤ start < to.' });

export const filterSchema = z
  .object({
    dimension: dimensionSchema,
    op: z.enum(['in', 'not_in']),
    values: z.array(z.string().max(1024).nullable()).min(1).max(1000),
  })
  .openapi('Filter', { description: 'null among the values stands for "not set".' });

export const querySchema = z
  .strictObject({
    measures: z.array(measureSchema).min(1, 'name at least one measure, e.g. ["cost"]').max(40),
    dimensions: z.array(dimensionSchema).max(8).optional(),
    filters: z.array(filterSchema).max(32).optional(),
    window: windowSchema.optional(),
    as_of: momentSchema.optional().openapi({
      description: 'As known at this time: entries that were recorded later are left out.',
    }),
    bucket: bucketSchema.optional(),
    drift_threshold: z.number().min(0).max(1000).optional().openapi({
      description:
        '`drifted_calls` counts calls whose cost is further from its estimate, as a share of the estimate. Default 0.3.',
    }),
    token_cap: z.number().int().min(0).optional().openapi({
      description:
        '`tokens_output_over` and `prompt_history_over` count the tokens of each call beyond it. Default 0.',
    }),
    order: z
      .array(
        z.object({
          by: z
            .custom<Measure | Dimension | 'bucket'>(
              (value) =>
                typeof value === 'string' &&
                (value === 'bucket' ||
                  (measures as readonly string[]).includes(value) ||
                  isDimension(value)),
              { error: 'must be a measure or dimension of the query, or bucket' },
            )
            .openapi({ type: 'string' }),
          direction: z.enum(['asc', 'desc']),
        }),
      )
      .max(8)
      .optional(),
    limit: z.number().int().min(1).max(100_000).optional(),
  })
  .openapi('Query');

type Measure = (typeof measures)[number];

/** A checked query under core's type; see `asEntry` for why a cast is all it takes. */
export function asQuery(checked: z.infer<typeof querySchema>): Query {
  return checked as Query;
}

export const queryRowSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.null()]))
  .openapi('QueryRow', {
    description:
      'Dimension columns are strings or null (unattributed), `bucket` an ISO time, counts are numbers, money is a decimal string.',
  });

export const queryResultSchema = z
  .object({
    rows: z.array(queryRowSchema),
    truncated: z.boolean().openapi({ description: 'True when `limit` cut rows off.' }),
    from: z.enum(['rollup', 'calls', 'both']).openapi({ description: 'What answered.' }),
  })
  .openapi('QueryResult');

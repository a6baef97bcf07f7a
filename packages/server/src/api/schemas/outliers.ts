import { outlierCauseKinds, promptSources } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { callRowSchema } from './call.js';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';

const shareSchema = orNull(z.number());
const tokensSchema = z
  .object({
    input: z.number(),
    cache_read: z.number(),
    output: z.number(),
    reasoning: z.number(),
  })
  .openapi('OutlierTokens');

const causeSchema = z
  .object({
    cause: z.enum(outlierCauseKinds),
    source: orNull(z.enum(promptSources)).openapi({
      description: 'Which part of the prompt, where the cause is one and that is known.',
    }),
    usd: usdSchema.openapi({ description: 'Its part of `excess_usd`, with its sign.' }),
    share: shareSchema,
  })
  .openapi('OutlierCause');

const runSchema = z
  .object({
    run: z.string(),
    calls: z.number().int(),
    cost_usd: orNull(usdSchema),
    retries: z.number().int(),
    retries_usd: orNull(usdSchema),
    position: z.number().int().openapi({ description: 'Which call of its run it was; 1: first.' }),
    usual_calls: orNull(z.number()).openapi({
      description: 'Average calls of runs of its feature in the day before it.',
    }),
  })
  .openapi('RunAround', { description: 'The run it belongs to; see `/api/v1/runs/{id}`.' });

const outlierSchema = z
  .object({
    call: callRowSchema.openapi({ description: 'As it stands after its adjustments.' }),
    cost_usd: usdSchema,
    typical_usd: usdSchema.openapi({
      description: 'What the average of its peers costs that are no outliers.',
    }),
    excess_usd: usdSchema.openapi({ description: '`cost_usd` − `typical_usd`.' }),
    median_usd: usdSchema,
    times_median: orNull(z.number()),
    peers: z
      .object({
        level: z.enum(['model', 'feature', 'all']),
        feature: z.string().nullable(),
        model: z.string().nullable(),
        calls: z.number().int(),
      })
      .openapi({
        description:
          'Whom it is compared with: calls of its feature and model; with fewer than 30, of its feature; else all.',
      }),
    tokens: z.object({ call: tokensSchema, typical: tokensSchema }),
    causes: z.array(causeSchema).openapi({
      description: 'The largest first; they add up to `excess_usd` exactly.',
    }),
    run: orNull(runSchema),
    summary: z.string().openapi({ description: 'Why, in a sentence.' }),
  })
  .openapi('Outlier');

export const outliersSchema = z
  .object({
    frame: frameSchema,
    summary: z.string(),
    rule: z
      .object({
        median_factor: z.number(),
        tail_probability: z.number(),
        least_calls: z.number().int(),
      })
      .openapi({
        description:
          'An outlier costs more than `median_factor` × the median of its peers, and more than all but `tail_probability` of them by the tail of their costs.',
      }),
    total: z
      .object({
        outliers: z.number().int(),
        judged_calls: z.number().int(),
        cost_usd: usdSchema,
        excess_usd: usdSchema,
        cost_share: shareSchema,
      })
      .openapi({ description: 'Of all outliers, not only of those shown.' }),
    outliers: z.array(outlierSchema).openapi({ description: 'The dearest first.' }),
    groups: z
      .array(
        z
          .object({
            feature: z.string().nullable(),
            model: z.string().nullable(),
            outliers: z.number().int(),
            cost_usd: usdSchema,
            excess_usd: usdSchema,
            floor_usd: usdSchema.openapi({ description: 'What costs more is an outlier.' }),
          })
          .openapi('OutlierGroup'),
      )
      .openapi({ description: 'Where they are, the dearest group first; at most 100.' }),
    runs: z
      .array(z.object({ run: z.string(), outliers: z.number().int(), cost_usd: usdSchema }))
      .openapi({ description: 'Runs that have several of them, the dearest first; at most 20.' }),
    not_judged_calls: z.number().int().openapi({
      description: 'Calls without a cost, and those with too few to compare with.',
    }),
  })
  .openapi('OutlierReport');

import { cacheSettings } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema } from './query.js';

export const groupSchema = z.record(z.string(), z.string().nullable()).openapi({
  description: 'The values of the dimensions; null is unattributed.',
});
export const modelNameSchema = z.object({ provider: z.string(), model: z.string() });

export const usdRangeSchema = z
  .object({ low: usdSchema, expected: usdSchema, high: usdSchema })
  .openapi('UsdRange', { description: 'An amount that is not known for certain.' });

export const figures = {
  calls: z.number().int(),
  actual_usd: usdSchema.openapi({ description: 'What was booked.' }),
  repriced_usd: usdRangeSchema,
  savings_usd: usdRangeSchema.openapi({
    description: 'actual_usd − repriced_usd; negative where it would have cost more.',
  }),
  savings_share: orNull(z.number()).openapi({
    description: 'Expected savings as a part of the actual cost; null where nothing was spent.',
  }),
};

export const scenarioSchema = z
  .object({
    model: z.string(),
    provider: z.string(),
    batch: z.boolean(),
    cache_hit_ratio: z.number(),
    cache: z.enum(cacheSettings),
    history_cap: z.number().int(),
    output_cap: z.number().int(),
    output_factor: z.number(),
    price: z.record(z.string(), z.string()).openapi({ description: 'USD per million tokens.' }),
  })
  .partial()
  .openapi('Scenario', { description: 'What is to be different; the rest stays as it was.' });

export const whatIfSchema = z
  .object({
    frame: frameSchema,
    summary: z.string().openapi({ description: 'The answer in one sentence.' }),
    scenario: scenarioSchema,
    by: z.array(dimensionSchema),
    ...figures,
    recomputed_usd: usdSchema.openapi({
      description:
        'What the prices at hand make of the same tokens on the same models: `actual_usd`, where all were booked at ordinary rates that have not changed since.',
    }),
    tenth_of_output_usd: usdSchema.openapi({
      description: 'What a tenth more (or less) in the answers would change.',
    }),
    rows: z
      .array(
        z
          .object({
            group: groupSchema,
            ...figures,
            models: z.array(modelNameSchema).openapi({ description: 'What the calls ran on.' }),
            targets: z.array(modelNameSchema).openapi({ description: 'What they are priced as.' }),
            exact: z.boolean().openapi({
              description: 'Whether everything in it follows from what was counted.',
            }),
          })
          .openapi('WhatIfRow'),
      )
      .openapi({ description: 'The largest expected savings first.' }),
    truncated: z.boolean(),
    not_compared: z
      .array(
        z
          .object({
            reason: z.enum([
              'unpriced',
              'unknown_model',
              'contract_required',
              'no_token_price',
              'no_batch_price',
              'other_kind_of_call',
            ]),
            provider: z.string().optional(),
            model: z.string().optional(),
            calls: z.number().int(),
            usd: orNull(usdSchema),
            sentence: z.string(),
          })
          .openapi('NotCompared'),
      )
      .openapi({ description: 'Calls that are in no figure, by reason.' }),
  })
  .openapi('WhatIf');

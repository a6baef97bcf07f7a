import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema, windowSchema } from './query.js';

const share = z.number();
const groupSchema = z.record(z.string(), z.string().nullable()).openapi({
  description: 'The values of the dimensions; null is unattributed.',
});

const biasSchema = z
  .object({
    ratio: orNull(z.number()).openapi({
      description: 'Sum of what was counted ÷ sum of what was estimated; 1.5: half as much again.',
    }),
    interval: orNull(z.object({ low: z.number(), high: z.number() })).openapi({
      description: 'The ratio lies in here with 99.9 % confidence; null where it is not judged.',
    }),
    verdict: z.enum(['too_low', 'too_high', 'fair', 'not_judged']).openapi({
      description: 'Of the estimates: `too_low` where calls take more than was estimated.',
    }),
    since: orNull(z.string()).openapi({
      description: 'From when the bias has lasted; null where there is none, or it is over.',
    }),
    since_start: z.boolean().openapi({
      description: 'Whether that is where the calls of the window begin.',
    }),
  })
  .openapi('Bias');

const tokensSchema = z.object({ estimated: z.number(), actual: z.number() });

export const driftSchema = z
  .object({
    frame: frameSchema,
    window: windowSchema,
    previous: windowSchema,
    by: z.array(dimensionSchema),
    threshold: share.openapi({ description: '0.3: a call further than 30 % from its estimate.' }),
    bucket: z.enum(['minute', 'hour', 'day', 'week', 'month']),
    rows: z
      .array(
        z
          .object({
            group: groupSchema,
            calls: z.number().int(),
            estimated_calls: z.number().int().openapi({
              description: 'Calls whose tokens are compared with an estimate.',
            }),
            compared_calls: z.number().int().openapi({
              description: 'Calls whose cost is compared with an estimate.',
            }),
            drifted_calls: z.number().int().openapi({
              description: 'Calls whose cost is beyond the threshold.',
            }),
            drifted_share: orNull(share),
            estimated_usd: orNull(usdSchema),
            actual_usd: orNull(usdSchema),
            tokens: z.object({ input: tokensSchema, output: tokensSchema }),
            cost: biasSchema,
            input: biasSchema,
            output: biasSchema,
            verdict: z.enum(['biased', 'fair', 'not_judged']),
            causes: z.array(z.enum(['input_tokens', 'output_tokens', 'price'])).openapi({
              description: 'What makes the cost differ.',
            }),
            p95: z.object({
              usd: orNull(usdSchema),
              before_usd: orNull(usdSchema),
              change: orNull(share).openapi({
                description: '0.4: 40 % up against the window before; null with too few calls.',
              }),
              exceeds: z.boolean().openapi({ description: 'Moved by more than 30 %.' }),
            }),
            summary: z.string().openapi({ description: 'The row in a sentence or two.' }),
          })
          .openapi('DriftRow'),
      )
      .openapi({ description: 'Biased ones first, by the money they are off.' }),
    truncated: z.boolean(),
  })
  .openapi('DriftReport');

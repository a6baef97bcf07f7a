import { effectKinds } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema, windowSchema } from './query.js';

const stepSchema = z
  .object({
    kind: z.enum(effectKinds).openapi({
      description:
        'new, gone: groups that began or ended; volume: calls in all; mix: calls between groups; routing: between models; then what a call takes and costs; other: tools, images, fees; stated: credits and corrections that belong to no call.',
    }),
    label: z.string(),
    amount_usd: usdSchema,
    from_usd: usdSchema,
    to_usd: usdSchema,
    groups: z.array(z.object({ group: orNull(z.string()), amount_usd: usdSchema })),
    other_groups_usd: usdSchema,
  })
  .openapi('ExplainStep', { description: 'One bar of a waterfall.' });

const quantitySchema = z
  .object({
    unit: z.enum([
      'calls',
      'common_growth',
      'share_of_calls',
      'attempts_per_call',
      'input_tokens_per_call',
      'output_tokens_per_call',
      'cache_read_share',
      'usd_per_million_tokens',
      'priced_share',
      'usd_per_call',
    ]),
    before: orNull(z.number()),
    after: orNull(z.number()),
  })
  .openapi('ExplainQuantity', { description: 'What of a call moved.' });

const causeSchema = z
  .object({
    kind: z.enum(effectKinds).exclude(['mix']),
    group: orNull(z.string()).optional().openapi({
      description: 'Null is unattributed; absent for what all groups have in common.',
    }),
    amount_usd: usdSchema,
    share: orNull(z.number()).openapi({
      description: 'Of the difference; beyond 1 where causes work against each other.',
    }),
    provider: orNull(z.string()),
    model: orNull(z.string()).openapi({ description: 'That did most of it, where one did.' }),
    template_version: orNull(z.string()).openapi({
      description: 'That did most of it, where one of several did.',
    }),
    onset: orNull(
      z.object({
        at: z.string(),
        until: orNull(z.string()).openapi({ description: 'Null where it lasts.' }),
        bucket: z.enum(['hour', 'day']),
        ratio: orNull(z.number()).openapi({
          description: 'The level from then on ÷ the one before; null of shares.',
        }),
      }),
    ).openapi({ description: 'When it set in; null where no moment stands out.' }),
    quantity: orNull(quantitySchema),
    contributors: z.array(
      z.object({
        provider: orNull(z.string()),
        model: orNull(z.string()),
        template_version: orNull(z.string()).optional(),
        amount_usd: usdSchema,
      }),
    ),
    summary: z.string().openapi({ description: 'The cause as a clause.' }),
  })
  .openapi('ExplainCause');

export const explainSchema = z
  .object({
    frame: frameSchema,
    summary: z.string().openapi({
      description: 'The answer in one sentence.',
      example:
        '+$412 (+38 %): `search` started producing 2.1 × the output tokens on 14 Nov with template v7.',
    }),
    window: windowSchema,
    against: windowSchema,
    by: dimensionSchema,
    before_usd: usdSchema,
    after_usd: usdSchema,
    difference_usd: usdSchema,
    change: orNull(z.number()).openapi({ description: '0.38: 38 % up; null from nothing.' }),
    steps: z.array(stepSchema).openapi({
      description:
        'From before_usd to after_usd without a gap: their sum is the difference, exactly.',
    }),
    causes: z.array(causeSchema).openapi({
      description: 'Largest first, but what set in at one moment before what drifted.',
    }),
    other_causes: z.object({ count: z.number().int(), amount_usd: usdSchema }),
    unpriced_calls: z.object({ before: z.number().int(), after: z.number().int() }),
    notes: z.array(z.string()),
  })
  .openapi('Explain');

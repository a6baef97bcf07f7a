import { templateOrders } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { windowSchema } from './query.js';

const changeSchema = z
  .object({
    before: orNull(z.number()),
    after: orNull(z.number()),
    ratio: orNull(z.number()).openapi({ description: '2.1: 2.1 times as much as before.' }),
    verdict: z.enum(['more', 'less', 'same', 'not_judged']).openapi({
      description:
        'same: within the noise (99.9 %) or by less than 5 %. not_judged: too few calls, or nothing before.',
    }),
  })
  .openapi('TemplateQuantity', {
    description: 'Of the version, beside that of the version before. USD, tokens or shares.',
  });

const switchSchema = z
  .object({
    first_call_at: z.string(),
    took_over_at: orNull(z.string()).openapi({
      description:
        'From when it had more than half of the feature’s calls; null when it never had.',
    }),
    overlap_until: orNull(z.string()).openapi({
      description: 'Until when the version before was called as well; null where that was over.',
    }),
    overlap_calls: z.number().int(),
  })
  .openapi('TemplateSwitch', { description: 'Times are beginnings of buckets.' });

const rowSchema = z
  .object({
    feature: orNull(z.string()),
    template_version: orNull(z.string()).openapi({
      description: 'Null: calls that name no template version.',
    }),
    previous_version: orNull(z.string()).optional().openapi({
      description: 'Absent where there is none to compare with.',
    }),
    calls: z.number().int(),
    errors: z.number().int(),
    unpriced_calls: z.number().int(),
    cost_usd: orNull(usdSchema),
    is_change: z.boolean().openapi({ description: 'Came into use in the window.' }),
    switch: orNull(switchSchema),
    quantities: z.object({
      cost_per_call: changeSchema,
      input_tokens_per_call: changeSchema,
      output_tokens_per_call: changeSchema,
      output_input_ratio: changeSchema,
      cache_hit_ratio: changeSchema,
      error_rate: changeSchema,
    }),
    success: z
      .object({ before: orNull(z.number()), after: orNull(z.number()) })
      .openapi({ description: 'Runs that succeeded, of those whose outcome is known.' }),
    extra_usd: orNull(usdSchema).openapi({
      description:
        'What the calls of the window cost more than at the cost per call of the version before.',
    }),
    summary: z.string().openapi({
      example:
        '`search` went from v6 to v7 on 14 Nov 09:00 UTC: 2.1 × the output tokens (210 → 441), cost per call +62 % ($0.0031 → $0.0050); its calls in this window cost $12.40 more for it.',
    }),
  })
  .openapi('TemplateRow');

export const templatesSchema = z
  .object({
    frame: frameSchema,
    summary: z.string(),
    window: windowSchema,
    compared: windowSchema.openapi({
      description: 'What versions are compared over: the window and as long before it.',
    }),
    order: z.enum(templateOrders),
    bucket: z.enum(['minute', 'hour', 'day', 'week', 'month']),
    rows: z.array(rowSchema).openapi({
      description: 'Changes of the window first, what is beyond noise first, the worst first.',
    }),
    truncated: z.boolean(),
    notes: z.array(z.string()),
  })
  .openapi('Templates');

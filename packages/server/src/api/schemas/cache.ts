import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema, windowSchema } from './query.js';

const count = z.number().int();
const share = z.number();
const setting = z.enum(['none', '5m', '1h', '5m_second_sighting', 'stable_first']).openapi({
  description:
    'Nothing written; the whole prompt written for five minutes or an hour; for five minutes, but only what was seen before; what stays the same moved in front of what changes.',
});

const gapsSchema = z
  .object({
    calls: count.openapi({ description: 'Calls looked at: those with a cacheable beginning.' }),
    p50_seconds: orNull(z.number()),
    p90_seconds: orNull(z.number()),
    within_5m: orNull(share),
    within_1h: orNull(share),
    first_seen: orNull(share),
  })
  .openapi('PrefixGaps', {
    description:
      'How long calls come after the last one with the same beginning. Shares are of the calls looked at.',
  });

const stabilitySchema = z
  .object({
    seen_before: orNull(share),
    entropy_bits: orNull(z.number()).openapi({
      description: 'Of the first beginnings: 0 where all calls have the same one.',
    }),
    repeated_tokens: orNull(count).openapi({
      description: 'Tokens of a call that its predecessor had too, but behind a difference.',
    }),
    compared_calls: count,
  })
  .openapi('PrefixStability');

const modelSchema = z
  .object({
    provider: z.string(),
    model: orNull(z.string()),
    calls: count,
    input_tokens: count,
    tokens: z.object({ uncached: count, read: count, written: count, written_1h: count }),
    hit_ratio: orNull(share).openapi({ description: 'Cached reads ÷ all input.' }),
    net_usd: orNull(usdSchema).openapi({
      description:
        'Reads × (input − read price) − writes × (write − input price), at each call’s own rates; null where a price is unknown.',
    }),
    saved_usd: orNull(usdSchema),
    write_cost_usd: orNull(usdSchema),
    booked_share: orNull(share).openapi({
      description:
        'Part of the cached tokens whose return is booked with their calls; the rest is worked out at today’s prices.',
    }),
    control: z.enum(['explicit', 'automatic']).openapi({
      description: 'Whether the caller or the provider decides what is cached.',
    }),
    minimum_tokens: count,
    minimum_source: z.string(),
    applies: z.boolean().openapi({ description: 'Prompts are long enough on average.' }),
    rates: orNull(
      z.object({ input: usdSchema, read: usdSchema, write_5m: usdSchema, write_1h: usdSchema }),
    ).openapi({ description: 'USD of a million tokens; null where no price is known.' }),
    break_even: orNull(
      z.object({ write_5m: orNull(z.number()), write_1h: orNull(z.number()) }),
    ).openapi({ description: 'Reads per written token from which on writing pays.' }),
    reads_per_write: orNull(z.number()),
    gaps: gapsSchema,
    prefix: stabilitySchema,
    unstable: z.boolean().openapi({
      description: 'Enough repeats behind a difference to be a cacheable beginning.',
    }),
    settings: z.array(
      z.object({
        setting,
        read_share: share,
        write_share: share,
        net_usd: usdSchema.openapi({ description: 'Saved against no caching.' }),
        difference_usd: usdSchema.openapi({ description: 'Saved against what was.' }),
        low_usd: usdSchema,
        high_usd: usdSchema,
      }),
    ),
    advice: orNull(
      z.object({
        setting,
        saves_usd: usdSchema,
        low_usd: usdSchema,
        high_usd: usdSchema,
        basis: z.enum(['booked', 'predicted', 'sampled']).openapi({
          description:
            '`booked`: what stops is on the bills. `predicted`: all calls played through a cache. `sampled`: some of them.',
        }),
        sentence: z.string(),
      }),
    ),
  })
  .openapi('CacheModel');

export const cacheSchema = z
  .object({
    frame: frameSchema,
    summary: z.string(),
    by: z.array(dimensionSchema),
    hit_ratio: orNull(share),
    net_usd: orNull(usdSchema),
    saves_usd: usdSchema.openapi({
      description: 'What the advised settings would have saved more.',
    }),
    sample: z.object({
      calls: count,
      of_calls: count,
      one_in: count,
      spans: z.array(windowSchema),
      is_whole: z.boolean(),
    }),
    rows: z
      .array(
        z
          .object({
            group: z.record(z.string(), z.string().nullable()),
            calls: count,
            input_tokens: count,
            hit_ratio: orNull(share),
            net_usd: orNull(usdSchema),
            flags: z.array(z.enum(['low_hit_ratio', 'unstable_prefix', 'loses_money'])).openapi({
              description:
                '`low_hit_ratio`: under 0.60, of models whose cache takes prompts of this length.',
            }),
            saves_usd: usdSchema,
            models: z.array(modelSchema),
            summary: z.string(),
          })
          .openapi('CacheRow'),
      )
      .openapi({ description: 'Those that would save most first, then by input.' }),
    truncated: z.boolean(),
  })
  .openapi('CacheReport');

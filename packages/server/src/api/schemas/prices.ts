import { z } from '@hono/zod-openapi';
import { instantSchema, orNull } from './money.js';

const priceSourceStatusSchema = z
  .object({
    kind: z.enum(['base', 'overlay', 'file', 'url', 'own', 'config']),
    name: z.string(),
    book: orNull(z.string()).openapi({
      description: 'Edition in use; null while nothing of it is.',
    }),
    state: z.enum(['ok', 'stale', 'failed']).openapi({
      description:
        '`stale`: there is a problem and the last good content stays in use. `failed`: it was never of use.',
    }),
    rows: z.number().int(),
    loaded_at: orNull(instantSchema),
    checked_at: orNull(instantSchema),
    problem: orNull(z.string()),
    problem_since: orNull(instantSchema),
    acceptable: z.boolean().openapi({
      description: 'Whether `farthing prices refresh --accept` may lift the problem.',
    }),
    notes: z.array(z.string()),
  })
  .openapi('PriceSourceStatus');

export const priceBookStatusSchema = z
  .object({
    book: z.string().openapi({
      description: 'Names and editions of all layers, in rising precedence.',
      example: 'genai-prices@0.1.8 + farthing-overlay@2026-11',
    }),
    changed_at: orNull(instantSchema),
    problem: orNull(z.string()),
    sources: z.array(priceSourceStatusSchema),
  })
  .openapi('PriceBookStatus');

/** Plain decimals or names, by unit or condition. */
const texts = z.record(z.string(), z.string());

const rowSchema = z
  .object({
    provider: z.string(),
    model: z.string().openapi({ description: 'A trailing `*` matches any ending.' }),
    aliases: z.array(z.string()).optional(),
    except: z.array(z.string()).optional(),
    same_as: z.string().optional(),
    from: z.string().optional().openapi({ description: 'Inclusive; absent: since always.' }),
    to: z.string().optional().openapi({ description: 'Exclusive; absent: for ever.' }),
    daily: z
      .object({ start: z.string(), end: z.string(), days: z.array(z.number().int()).optional() })
      .optional(),
    when: texts.optional().openapi({ description: 'Conditions, e.g. service_tier: batch.' }),
    threshold: z
      .object({ op: z.enum(['gt', 'gte', 'lt', 'lte']), tokens: z.number().int() })
      .optional(),
    rates: texts.optional(),
    complete: z.boolean().optional(),
    multiply: texts.optional(),
    derive: z.record(z.string(), z.array(z.string())).optional(),
    contract: z.string().optional(),
    minimum: z.record(z.string(), z.number()).optional(),
    source: z.string(),
    layer: z.enum(['base', 'overlay', 'override']),
    book: z.string(),
  })
  .openapi('PriceRule');

const modelNameSchema = z.object({ provider: z.string(), model: z.string() });

export const priceViewSchema = z
  .object({
    provider: z.string(),
    model: z.string(),
    owner: z.string().openapi({ description: 'Whose price list has it.' }),
    match: z.enum(['exact', 'alias', 'dated_suffix', 'prefix', 'same_as']),
    matched_id: z.string(),
    same_as: modelNameSchema.optional(),
    aliases: z.array(z.string()),
    at: z.string(),
    contract: z.string().optional(),
    others: z.array(z.string()).openapi({
      description:
        'Providers that have the model as well, at other rates; none where the provider was named.',
    }),
    rates: z.array(
      z.object({
        unit: z.string(),
        rate_usd: z.string().openapi({ description: 'USD for `per` units, as published.' }),
        per: z.number().int(),
        list_rate_usd: z.string().optional(),
        source: z.string(),
        price: z.object({
          book: z.string(),
          provider: z.string(),
          model: z.string(),
          effective_from: z.string().optional(),
        }),
        minimum: z.number().optional(),
      }),
    ),
    rows: z.array(rowSchema).openapi({
      description: 'Rows of all times and conditions, in the order in which they apply.',
    }),
  })
  .openapi('PriceView');

export const missingPricesSchema = z
  .object({
    missing: z.array(
      z.object({
        provider: orNull(z.string()),
        model: orNull(z.string()),
        cost_status: z.string(),
        calls: z.number().int(),
        tokens_input: z.number(),
        tokens_output: z.number(),
        first_seen: orNull(instantSchema),
        last_seen: orNull(instantSchema),
        reasons: z.array(z.string()),
        suggestion: orNull(modelNameSchema),
        priced_now: z.boolean(),
        snippet: orNull(z.string()),
        command: orNull(z.string()),
      }),
    ),
  })
  .openapi('MissingPrices');

export const ownPriceRequestSchema = z
  .strictObject({
    price: z.record(z.string(), z.unknown()).openapi({
      description: 'A row in the format of `prices` in farthing.yaml; for a tool, of `tools`.',
      example: {
        provider: 'openai',
        model: 'gpt-house',
        rates_per_mtok: { input: '2.50', output: '10' },
      },
    }),
    tool: z.string().min(1).max(128).optional(),
    note: z.string().max(1000).optional(),
    by: z.string().min(1).max(256).default('api'),
  })
  .openapi('OwnPriceRequest');

export const ownPriceResultSchema = z
  .object({
    id: z.string(),
    recorded_at: instantSchema,
    price: z.record(z.string(), z.unknown()),
    effective_from: orNull(z.string()),
    from_now_assumed: z.boolean(),
    notes: z.array(z.string()),
  })
  .openapi('OwnPriceResult');

import { z } from '@hono/zod-openapi';
import { instantSchema, orNull, usdSchema } from './money.js';
import { priceBookStatusSchema } from './prices.js';

const bytes = z.number().nonnegative();

const journalStatusSchema = z
  .object({
    name: z.string(),
    segments: z.number().int(),
    bytes,
    booked_bytes: bytes,
    unreadable_lines: z.number().int(),
    live: z.boolean(),
  })
  .openapi('JournalStatus');

export const statusSchema = z
  .object({
    version: z.string(),
    started_at: instantSchema,
    now: instantSchema,
    data_directory: z.string(),
    store: z.object({
      driver: z.string(),
      path: z.string(),
      bytes,
      entries: z.number().int(),
      first_call_at: orNull(instantSchema),
      last_call_at: orNull(instantSchema),
    }),
    journals: z.array(journalStatusSchema),
    disk: z.object({ free_bytes: bytes, total_bytes: bytes }),
    lag: z.object({ bytes, oldest_ms: z.number().nullable() }),
    unpriced_calls: z.number().int(),
    unattributed_calls: z.number().int(),
    price_book: z.string(),
    prices: priceBookStatusSchema,
    gateway: z.object({
      reachable: z.boolean(),
      url: z.string().nullable(),
      version: z.string().nullable(),
    }),
  })
  .openapi('Status');

export const unpricedSchema = z
  .object({
    models: z.array(
      z.object({
        provider: z.string().nullable(),
        model: z.string().nullable(),
        cost_status: z.string().nullable(),
        calls: z.number().int(),
        tokens_input: z.number(),
        tokens_output: z.number(),
        reported_usd: orNull(usdSchema).openapi({
          description: 'What the provider or the imported source said these calls cost.',
        }),
        first_seen: orNull(instantSchema),
        last_seen: orNull(instantSchema),
      }),
    ),
  })
  .openapi('Unpriced');

export const dimensionsSchema = z
  .object({
    dimensions: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['tag', 'call', 'custom']),
        has_data: z.boolean().openapi({ description: 'Whether any call in the window has it.' }),
      }),
    ),
  })
  .openapi('Dimensions');

export const dimensionValuesSchema = z
  .object({
    name: z.string(),
    values: z.array(
      z.object({
        value: z.string().nullable().openapi({ description: 'null stands for "not set".' }),
        calls: z.number().int(),
        cost: orNull(usdSchema),
      }),
    ),
    truncated: z.boolean(),
  })
  .openapi('DimensionValues');

export const problemSchema = z
  .object({
    error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
  })
  .openapi('Problem');

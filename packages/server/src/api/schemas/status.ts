import { z } from '@hono/zod-openapi';
import { instantSchema, usdSchema } from './money.js';

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
      first_call_at: instantSchema.nullable(),
      last_call_at: instantSchema.nullable(),
    }),
    journals: z.array(journalStatusSchema),
    disk: z.object({ free_bytes: bytes, total_bytes: bytes }),
    lag: z.object({ bytes, oldest_ms: z.number().nullable() }),
    unpriced_calls: z.number().int(),
    unattributed_calls: z.number().int(),
    price_book: z.string(),
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
        reported_usd: usdSchema.nullable().openapi({
          description: 'What the provider or the imported source said these calls cost.',
        }),
        first_seen: instantSchema.nullable(),
        last_seen: instantSchema.nullable(),
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
        cost: usdSchema.nullable(),
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

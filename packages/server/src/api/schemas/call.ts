import { z } from '@hono/zod-openapi';
import {
  costSchema,
  costSourceSchema,
  costStatusSchema,
  entrySchema,
  outcomeSchema,
  signedTokensSchema,
  tagsSchema,
} from './entry.js';
import { instantSchema, orNull, usdSchema } from './money.js';

export const callRowSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['call', 'adjustment']),
    source: z.string(),
    started_at: instantSchema,
    recorded_at: instantSchema.openapi({ description: 'When it became known.' }),
    adjusts: z.string().nullable().openapi({
      description: 'Id of the entry that this one adjusts; null for calls.',
    }),
    duration_ms: z.number(),
    first_byte_ms: z.number().nullable(),
    provider: z.string(),
    api: z.string(),
    path: z.string().nullable(),
    stream: z.boolean(),
    model_requested: z.string().nullable(),
    model: z.string().nullable(),
    outcome: outcomeSchema,
    http_status: z.number().int().nullable(),
    error_type: z.string().nullable(),
    attempt: z.number().int(),
    tags: tagsSchema,
    tokens: orNull(signedTokensSchema.extend({ reasoning: z.number().int() })),
    usage_estimated: z.boolean(),
    prompt: orNull(
      z.object({
        system: z.number().int(),
        tools: z.number().int(),
        context: z.number().int(),
        history: z.number().int(),
        user: z.number().int(),
        files: z.number().int(),
      }),
    ).openapi({
      description:
        'Input tokens by where they come from; null where the request was not taken apart.',
    }),
    cost_usd: orNull(usdSchema),
    cost_status: costStatusSchema,
    cost_source: orNull(costSourceSchema),
    cost_input_usd: orNull(usdSchema),
    cost_cache_read_usd: orNull(usdSchema),
    cost_cache_write_usd: orNull(usdSchema),
    cost_output_usd: orNull(usdSchema),
    reported_usd: orNull(usdSchema),
    list_usd: orNull(usdSchema),
    estimated_usd: orNull(usdSchema).openapi({
      description: 'Expected cost; null where nothing is compared with it.',
    }),
    cost_drift: z.number().nullable().openapi({
      description: 'How far the cost lies from its estimate: 0.3 is 30 % above; null: not known.',
    }),
  })
  .openapi('CallRow', { description: 'One call, flat, as tables and live views show it.' });

export const listedCallSchema = callRowSchema
  .extend({
    restated: orNull(
      z.object({
        cost_usd: orNull(usdSchema),
        cost_status: costStatusSchema,
        adjustments: z.number().int().openapi({ description: 'How many there are by now.' }),
      }),
    ).openapi({
      description:
        'What the call costs by what is known now; null for adjustments, for a call that was never adjusted, and where the last adjustment is no longer retained.',
    }),
  })
  .openapi('ListedCall', { description: 'A call as it was booked, and as it is known now.' });

export const callPageSchema = z
  .object({
    calls: z.array(listedCallSchema),
    next_cursor: z
      .string()
      .nullable()
      .openapi({ description: 'Pass it as `cursor` for the next page; null on the last.' }),
  })
  .openapi('CallPage');

export const callDetailSchema = z
  .object({
    call: callRowSchema,
    entry: orNull(entrySchema).openapi({
      description:
        'The entry as it stands in the journal; null when its segment is no longer retained.',
    }),
    origin: z
      .object({
        journal: z.string(),
        segment: z.number().int(),
        offset: z.number().int().openapi({ description: 'Byte offset in the segment.' }),
      })
      .openapi({ description: 'The journal line from which the call was booked.' }),
    adjustments: z
      .array(z.object({ call: callRowSchema, entry: orNull(entrySchema) }))
      .openapi({ description: 'What was adjusted since, in the order of its recording.' }),
    restated: orNull(costSchema).openapi({
      description:
        'The cost as it is known now, all adjustments included; null when a part of it is no longer retained.',
    }),
  })
  .openapi('CallDetail');

import {
  adjustmentFlaw,
  entryEvent,
  entrySchema as entryVersion,
  promptSources,
  tagLimits,
  tagNames,
  type Entry,
  type PromptSource,
} from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { instantSchema, orNull, usdSchema } from './money.js';

const count = z.number().int().nonnegative();
const name = z.string().max(256);
/** As rates are read wherever the ledger is: one that is none would stop every export of its month. */
const rateSchema = z
  .string()
  .max(256)
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/, 'must be a plain decimal string in USD, e.g. "2.5"');

export const outcomeSchema = z
  .enum(['ok', 'error', 'aborted', 'interrupted', 'unmetered'])
  .openapi('Outcome');

export const costStatusSchema = z
  .enum([
    'priced',
    'unknown_model',
    'no_usage',
    'invalid_usage',
    'contract_required',
    'not_billed',
    'partial',
  ])
  .openapi('CostStatus');

export const costSourceSchema = z
  .enum(['reported', 'override', 'overlay', 'base', 'source'])
  .openapi('CostSource');

export const tokensSchema = z
  .object({
    input_uncached: count,
    cache_read: count,
    cache_write: count,
    cache_write_5m: count,
    cache_write_1h: count,
    output: count,
  })
  .openapi('TokenBuckets', {
    description: 'Disjoint: every token is in exactly one bucket. `output` includes reasoning.',
  });

/** Adjustments hold signed differences; what a call may not have is checked with the whole entry. */
const difference = z.number().int();

export const signedTokensSchema = z
  .object({
    input_uncached: difference,
    cache_read: difference,
    cache_write: difference,
    cache_write_5m: difference,
    cache_write_1h: difference,
    output: difference,
  })
  .openapi('SignedTokenBuckets', {
    description: 'Token buckets of a call (never negative), or the differences of an adjustment.',
  });

const tagValue = z.string().min(1).max(tagLimits.valueLength);
const customTagKey = z
  .string()
  .max(tagLimits.keyLength)
  .regex(/^[a-z0-9][a-z0-9_.:/-]*$/, 'is not a tag name: lower-case letters, digits and _ . : / -');

export const tagsSchema = z
  .object({
    ...(Object.fromEntries(tagNames.map((tag) => [tag, tagValue.optional()])) as Record<
      (typeof tagNames)[number],
      z.ZodOptional<typeof tagValue>
    >),
    custom: z
      .record(customTagKey, tagValue)
      .refine((custom) => Object.keys(custom).length <= tagLimits.customTags, {
        error: `has more than ${tagLimits.customTags} custom tags`,
      })
      .optional(),
  })
  .openapi('Tags', {
    description: 'Who and what the call was for. `user` is a pseudonym. Absent means unattributed.',
  });

/** Open to further keys: providers add token kinds faster than this schema is released. */
const detailsSchema = z.record(z.string().max(64), difference).openapi('TokenDetails', {
  description:
    'Parts of the buckets ("of which": reasoning, input_audio, …), never added to them. Absent: not reported.',
});

const modifiersSchema = z.record(z.string().max(64), name).openapi({
  description: 'Facts that change the price: service_tier, inference_geo, speed, …',
});

export const usageSchema = z
  .object({
    tokens: signedTokensSchema,
    details: detailsSchema,
    units: z.record(z.string().max(64), z.number()),
    modifiers: modifiersSchema,
    estimated: z.boolean(),
    partial: z.string().max(1024).optional().openapi({
      description: 'Why the counts are not final (a stream that was cut off). Absent: they are.',
    }),
    reported: z
      .object({ usd: usdSchema, field: name, authority: z.enum(['provider', 'client']).optional() })
      .optional(),
    nested: z
      .array(z.object({ model: name, tokens: tokensSchema, modifiers: modifiersSchema.optional() }))
      .optional(),
    requests: z
      .array(z.object({ tokens: tokensSchema, details: detailsSchema, modifiers: modifiersSchema }))
      .optional(),
    raw: z.unknown().openapi({ type: 'object', description: "The provider's own numbers." }),
    notes: z.array(z.string().max(1024)).max(32),
  })
  .openapi('Usage');

const chargeSchema = z
  .object({
    kind: name,
    quantity: z.number().openapi({ description: 'Negative only in adjustments.' }),
    rate_usd: rateSchema,
    per: z.number().positive(),
    amount_usd: usdSchema,
    list_rate_usd: rateSchema.optional(),
    list_amount_usd: usdSchema.optional(),
    model: name.optional(),
  })
  .openapi('Charge');

const priceRowSchema = z.object({
  book: name,
  provider: name,
  model: name,
  effective_from: z.string().max(40).optional(),
});

export const costSchema = z
  .object({
    usd: orNull(usdSchema),
    status: costStatusSchema,
    source: costSourceSchema.optional(),
    reason: z.string().max(1024).optional(),
    charges: z.array(chargeSchema).max(128),
    price: priceRowSchema.optional(),
    list_usd: usdSchema.optional(),
    reported_usd: usdSchema.optional(),
    computed_usd: usdSchema.optional(),
  })
  .openapi('Cost');

const adjustmentSchema = z
  .object({
    entry: orNull(z.uuid()),
    number: z.number().int().positive(),
    cause: z.enum(['price', 'usage', 'manual']),
    reason: z.string().min(1).max(1024),
    by: z.string().min(1).max(256),
    status_booked: costStatusSchema.optional(),
    status_before: costStatusSchema,
    status_after: costStatusSchema,
    usd_before: orNull(usdSchema),
    usd_after: orNull(usdSchema),
    usd_stated: usdSchema.optional(),
    price_before: priceRowSchema.optional(),
  })
  .openapi('Adjustment', {
    description: 'What an adjusting entry corrects, why, and who made it.',
  });

/** Facts beside the answer that set a price; never text of a prompt. */
const callContextSchema = z
  .object({
    batch: z.boolean().optional(),
    endpoint: name.optional(),
    location: name.optional(),
    deployment_type: name.optional(),
    anthropic_beta: z.array(name).max(32).optional(),
    audio_seconds: z.number().nonnegative().optional(),
    gpu_seconds: z.number().nonnegative().optional(),
    request: z
      .object({
        service_tier: name.optional(),
        size: name.optional(),
        quality: name.optional(),
        n: z.number().nonnegative().optional(),
        input_characters: z.number().nonnegative().optional(),
      })
      .optional(),
  })
  .openapi('CallContext');

const promptSchema = z
  .object({
    ...(Object.fromEntries(promptSources.map((source) => [source, count.optional()])) as Record<
      PromptSource,
      z.ZodOptional<typeof count>
    >),
    calls: z.number().int().positive().optional(),
  })
  .openapi('PromptTokens', {
    description:
      'Input tokens by source; `calls` is how many calls this one stands for (absent: one). No text.',
  });

const prefixesSchema = z
  .object({
    keys: z.array(z.string().regex(/^[A-Za-z0-9_-]{8}$/)).max(64),
    tokens: z.array(count).max(64),
    head: count,
    calls: count.optional(),
    repeated: count.optional(),
  })
  .openapi('PromptPrefixes', {
    description:
      'Keyed fingerprints of the prompt up to some of its boundaries, shortest first, and the input tokens up to each: which beginnings calls share. No text, and none can be guessed from them.',
  });

/** Ids of telemetry are hexadecimal; other tracers' are taken as they are. */
const spanSchema = z
  .object({
    trace: name,
    span: name,
    parent: name.optional(),
    path: z
      .array(
        z.object({
          kind: z.enum(['agent', 'tool', 'chain']),
          name: name.nullable(),
          span: name,
        }),
      )
      .max(16)
      .optional(),
  })
  .openapi('SpanPlace', {
    description: 'Of calls that telemetry reported: their place in the trace, and the steps above.',
  });

/** `cost.charges[2].quantity` as zod names places. */
function pathOf(field: string): (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The ledger entry at the boundary: what is posted is checked field by field before it is journalled. */
export const entrySchema = z
  .object({
    schema: z.literal(entryVersion),
    event: z.literal(entryEvent),
    id: z.uuid(),
    kind: z.enum(['call', 'adjustment']),
    adjusts: adjustmentSchema.optional(),
    source: z.string().min(1).max(256),
    started_at: instantSchema,
    ended_at: instantSchema,
    recorded_at: instantSchema.optional(),
    duration_ms: z.number().nonnegative(),
    first_byte_ms: z.number().nonnegative().optional(),
    provider: z.string().min(1).max(256),
    api: name,
    path: z.string().max(2048).optional(),
    stream: z.boolean(),
    model_requested: name.nullable(),
    model: name.nullable(),
    response_id: name.optional(),
    outcome: outcomeSchema,
    http_status: z.number().int().min(100).max(599).nullable(),
    error_type: name.optional(),
    attempt: z.number().int().positive(),
    usage: orNull(usageSchema),
    cost: costSchema,
    context: callContextSchema.optional(),
    estimate: z
      .object({
        input_tokens: count,
        output_tokens: count,
        output_q95: count.optional(),
        output_q99: count.optional(),
        usd: usdSchema.optional(),
        method: name,
        basis: name.optional(),
      })
      .optional(),
    prompt: promptSchema.optional(),
    prefixes: prefixesSchema.optional(),
    repeats: z.number().int().min(0).max(10).optional().openapi({
      description:
        'How many of the last ten turns of its run say what its last one says, digits masked. Absent where nothing was compared.',
    }),
    span: spanSchema.optional(),
    tags: tagsSchema,
  })
  .superRefine((entry, context) => {
    const flaw = adjustmentFlaw(entry as Entry);
    if (flaw === null) return;
    context.addIssue({ code: 'custom', path: pathOf(flaw.field), message: flaw.message });
  })
  .openapi('Entry', {
    description: 'One attempt at one model call: what it used, what it cost and who spent it.',
  });

type CheckedEntry = z.infer<typeof entrySchema>;

/**
 * A checked entry under core's type. The two differ only in `field?: T | undefined` (zod) against
 * `field?: T` (core), which JSON cannot tell apart; the schema's test holds their fields together.
 */
export function asEntry(checked: CheckedEntry): Entry {
  return checked as Entry;
}

/** A cost under the type of its schema. */
export function asCheckedCost(cost: Entry['cost']): z.infer<typeof costSchema> {
  return cost as z.infer<typeof costSchema>;
}

/** The other way round, for answers. */
export function asChecked(entry: Entry): CheckedEntry {
  return entry as unknown as CheckedEntry;
}

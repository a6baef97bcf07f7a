import { reconciliationCauses } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { instantSchema, orNull, usdSchema } from './money.js';

const count = z.number().int();

const tokenCountsSchema = z
  .object({
    input_uncached: count,
    cache_read: count,
    cache_write: count,
    cache_write_5m: count,
    cache_write_1h: count,
    output: count,
  })
  .openapi('TokenDifference', {
    description: 'Counts by kind; signed where they are differences.',
  });

const windowSchema = z.object({ from: instantSchema, to: instantSchema });

export const causeNameSchema = z.enum(reconciliationCauses).openapi('ReconciliationCauseName');

const causeShareSchema = z.object({ cause: causeNameSchema, usd: usdSchema });

const comparison = {
  provider_usd: usdSchema,
  ledger_usd: usdSchema,
  difference_usd: usdSchema.openapi({
    description: 'provider − ledger; Σ causes + unexplained, exactly.',
  }),
  unexplained_usd: usdSchema,
  unrecorded_usd: usdSchema,
  accuracy: z.number().nullable().openapi({
    description:
      '1 − (|unexplained| + |unrecorded|) / provider, from 0 to 1; null when the provider billed nothing.',
    example: 0.9984,
  }),
};

const causeSchema = causeShareSchema
  .extend({
    title: z.string(),
    gross_usd: usdSchema,
    tokens: tokenCountsSchema,
    details: z.array(
      z.object({
        day: instantSchema,
        model: z.string().nullable(),
        usd: usdSchema,
        tokens: count,
        note: z.string(),
        price: z
          .object({
            book: z.string(),
            provider: z.string(),
            model: z.string(),
            effective_from: z.string().optional(),
          })
          .optional(),
      }),
    ),
    next_step: z.string(),
    command: z.string().optional(),
  })
  .openapi('ReconciliationCause');

const daySchema = z
  .object({
    day: instantSchema,
    ...comparison,
    final: z.boolean(),
    open_reason: z.string().optional().openapi({ description: 'Why the day is not final.' }),
    causes: z.array(causeShareSchema),
  })
  .openapi('ReconciledDay');

export const reconciliationSchema = z
  .object({
    id: z.string(),
    ran_at: instantSchema,
    provider: z.string(),
    window: windowSchema,
    bucket: z.enum(['hour', 'day']),
    provider_costs: z.enum(['reported', 'computed']),
    fetched_at: instantSchema,
    verdict: z.string(),
    ...comparison,
    tokens: z.object({
      provider: tokenCountsSchema,
      ledger: tokenCountsSchema,
      unexplained: tokenCountsSchema,
    }),
    causes: z.array(causeSchema),
    days: z.array(daySchema),
    models: z.array(
      z.object({
        model: z.string().nullable(),
        ...comparison,
        causes: z.array(causeShareSchema),
      }),
    ),
    cells: z.array(
      z.object({
        day: instantSchema,
        model: z.string().nullable(),
        ...comparison,
        causes: z.array(causeShareSchema),
      }),
    ),
    excluded_days: z.array(z.object({ day: instantSchema, reason: z.string() })),
    notes: z.array(z.string()),
  })
  .openapi('Reconciliation', {
    description: "One comparison of a provider's own report with the ledger.",
  });

export const reconciliationsSchema = z
  .object({
    reconciliations: z.array(reconciliationSchema).openapi({ description: 'Newest first.' }),
    latest: z
      .array(
        z.object({
          provider: z.string(),
          ran_at: instantSchema,
          reconciliation_id: z.string(),
          verdict: z.string(),
          accuracy: z.number().nullable(),
          days: z.array(daySchema.extend({ reconciliation_id: z.string(), ran_at: instantSchema })),
        }),
      )
      .openapi({
        description:
          'By provider: the newest run, and every day ever reconciled as its newest run saw it.',
      }),
  })
  .openapi('Reconciliations');

const optionalCount = z.number().int().nonnegative().nullable();
const shortText = z.string().max(512);

/** A provider's report in Farthing's terms, as `farthing reconcile` posts it. */
export const providerReportSchema = z
  .object({
    provider: z.string().min(1).max(256),
    window: windowSchema,
    bucket: z.enum(['hour', 'day']),
    usage: orNull(
      z.array(
        z.object({
          at: instantSchema,
          model: shortText.nullable(),
          tier: shortText.nullable(),
          long: z.boolean().nullable(),
          geo: shortText.nullable(),
          project: shortText.nullable(),
          api_key: shortText.nullable(),
          requests: optionalCount,
          tokens: z.partialRecord(tokenCountsSchema.keyof(), z.number().int().nonnegative()),
          units: z.record(z.string().max(64), z.number().nonnegative()),
        }),
      ),
    ),
    costs: orNull(
      z.array(
        z.object({
          day: instantSchema,
          model: shortText.nullable(),
          tier: shortText.nullable(),
          long: z.boolean().nullable(),
          geo: shortText.nullable(),
          kind: shortText.nullable(),
          category: z.enum(['tokens', 'unit', 'credit', 'other']),
          usd: usdSchema,
          decimals: z.number().int().min(0).max(12),
          quantity: z.number().nullable(),
          project: shortText.nullable(),
          label: shortText,
        }),
      ),
    ),
    usage_until: orNull(instantSchema),
    costs_until: orNull(instantSchema),
    fetched_at: instantSchema,
    notes: z.array(z.string().max(1024)).max(100),
  })
  .openapi('ProviderReport');

export const reconciliationRequestSchema = z
  .object({
    provider: z.string().min(1).max(256),
    since: z.string().max(64),
    until: z.string().max(64).optional(),
    projects: z.array(shortText).max(1000).optional().openapi({
      description:
        'Projects (workspaces) whose traffic passes Farthing; default: reconcile in farthing.yaml.',
    }),
    api_keys: z.array(shortText).max(1000).optional(),
    final_after: z
      .string()
      .regex(/^\d{1,6}[mhd]$/, 'must be a span such as 90m, 24h or 3d')
      .optional()
      .openapi({ description: 'How long the provider may still change its figures.' }),
    report: providerReportSchema.optional().openapi({
      description:
        'The report to compare with. Without it the control plane asks the provider, with the admin key of its own environment.',
    }),
  })
  .openapi('ReconciliationRequest');

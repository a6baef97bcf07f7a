import { z } from '@hono/zod-openapi';
import { tagsSchema } from './entry.js';
import { instantSchema, orNull, usdSchema } from './money.js';
import { queryRowSchema, windowSchema } from './query.js';

const name = z.string().min(1).max(256);
const why = z.string().min(1).max(1024);
const moment = z.string().min(1).max(64);
const by = name.optional().openapi({ description: 'Who asks. Default: api.' });

export const repriceRequestSchema = z
  .strictObject({
    since: moment.openapi({ description: 'As in reports: 30d, month, a date, an ISO date-time.' }),
    until: moment.optional().openapi({ description: 'Exclusive; default: now.' }),
    provider: name.optional(),
    model: name.optional(),
    reread: z.boolean().optional().openapi({
      description: "Read the provider's own numbers again, too.",
    }),
    dry_run: z.boolean().optional().openapi({ description: 'Only tell what would change.' }),
    why: why.optional(),
    by,
  })
  .openapi('RepriceRequest');

const sums = {
  cost_before: orNull(usdSchema),
  cost_after: orNull(usdSchema),
  difference: usdSchema,
};
const count = z.number().int().nonnegative();
const cause = z.enum(['price', 'usage', 'manual']);

export const repriceSummarySchema = z
  .object({
    dry_run: z.boolean(),
    window: windowSchema,
    examined: count,
    changed: count,
    unchanged: count,
    newly_priced: count,
    no_longer_priced: count,
    still_unpriced: count,
    out_of_retention: count.openapi({
      description: 'Calls in the books that the journals no longer hold: not priced again.',
    }),
    booked: count,
    ...sums,
    changes: z.array(
      z.object({
        provider: z.string(),
        model: z.string().nullable(),
        cause,
        calls: count,
        newly_priced: count,
        no_longer_priced: count,
        ...sums,
      }),
    ),
  })
  .openapi('RepriceSummary');

export const statedAmountSchema = z
  .strictObject({
    usd: usdSchema.openapi({ description: 'Negative for what is given back.' }),
    at: moment.openapi({ description: 'Where it stands in reports: a date or an ISO date-time.' }),
    provider: name,
    model: name.optional(),
    tags: tagsSchema.optional(),
    why,
    by,
  })
  .openapi('StatedAmount');

export const closeRequestSchema = z
  .strictObject({
    month: z.string().max(16).openapi({ example: '2026-10' }),
    as_of: moment.optional().openapi({ description: 'Default: now.' }),
    again: z.boolean().optional().openapi({ description: 'Close a closed month once more.' }),
    by,
  })
  .openapi('CloseRequest');

const monthTotalsSchema = z
  .object({
    calls: count,
    unpriced_calls: count,
    cost: orNull(usdSchema),
    list_cost: orNull(usdSchema),
    tokens_input: z.number().int(),
    tokens_output: z.number().int(),
  })
  .openapi('MonthTotals');

export const closingSchema = z
  .object({
    month: z.string(),
    as_of: instantSchema,
    closed_at: instantSchema,
    by: z.string(),
    totals: monthTotalsSchema,
    rows: z.array(queryRowSchema).openapi({ description: 'By provider and model.' }),
  })
  .openapi('Closing');

const part = {
  source: z.string(),
  provider: z.string(),
  model: z.string().nullable(),
  cost: usdSchema,
};

export const restatementSchema = z
  .object({
    month: z.string(),
    closing: closingSchema,
    as_closed: monthTotalsSchema,
    reproduced: z.boolean().openapi({
      description: 'Whether asking again as of the closing gives the very figures of the closing.',
    }),
    as_known_now: monthTotalsSchema,
    known_at: instantSchema,
    adjustments: z.array(z.object({ cause, ...part, entries: count })),
    late: z.array(
      z.object({ ...part, calls: count, calls_without_cost: count, cost: orNull(usdSchema) }),
    ),
    difference: usdSchema,
    adjusted: usdSchema,
    arrived_late: usdSchema,
    unexplained: usdSchema.openapi({ description: 'What nothing above accounts for: 0.' }),
  })
  .openapi('Restatement');

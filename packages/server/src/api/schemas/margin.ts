import { allocationRules } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema } from './query.js';

const count = z.number().int();

const figures = {
  revenue_usd: usdSchema,
  cost_usd: orNull(usdSchema).openapi({ description: 'Null when no call has a known cost.' }),
  margin_usd: orNull(usdSchema).openapi({ description: 'Revenue − cost.' }),
  margin_share: orNull(z.number()).openapi({ description: 'Of the revenue; null without any.' }),
  break_even_usage: orNull(z.number()).openapi({
    description:
      'How many times the present usage is paid for by the revenue; below 1 where it loses.',
  }),
};

const losing = {
  accounts: count,
  losing_accounts: count.openapi({ description: 'They cost more than they pay.' }),
  lost_usd: usdSchema.openapi({ description: 'By how much, together.' }),
};

export const marginSchema = z
  .object({
    frame: frameSchema,
    summary: z.string(),
    by: z.enum(['tenant', 'user', 'plan']),
    total: z.object({
      ...figures,
      ...losing,
      accounts_without_revenue: count,
      cost_without_revenue_usd: usdSchema,
      unused_accounts: count.openapi({ description: 'They pay, and made no call.' }),
      unused_revenue_usd: usdSchema,
      unattributed_usd: usdSchema.openapi({
        description: 'Cost of calls that name no account: in the total, and in no row.',
      }),
    }),
    plans: z.array(
      z.object({ plan: z.string().nullable(), ...losing, ...figures }).openapi('PlanMargin'),
    ),
    accounts: z
      .array(
        z
          .object({
            key: z.string().openapi({
              description: 'Tenant, user (a pseudonym, as the books have it) or plan.',
            }),
            plan: z.string().nullable(),
            ...figures,
            calls: count,
            unpriced_calls: count,
            break_even_calls: orNull(count).openapi({
              description: 'So many calls like its own are paid for by what it pays.',
            }),
            verdict: z.enum(['earns', 'loses', 'no_revenue', 'unused', 'unknown']),
          })
          .openapi('AccountMargin'),
      )
      .openapi({ description: 'Those that lose most first.' }),
    truncated: z.boolean(),
  })
  .openapi('MarginReport');

const lineSchema = z
  .object({
    kind: z.enum(['usage', 'shared', 'unattributed', 'difference']).openapi({
      description:
        'usage: calls of the account; shared, unattributed: its part of cost for all and of cost without an account; difference: its part of invoice − ledger.',
    }),
    feature: z.string().nullable(),
    model: z.string().nullable(),
    calls: count,
    tokens_input: count,
    tokens_output: count,
    usd: usdSchema,
    billed_usd: usdSchema.openapi({ description: 'In cents; the lines add up to the statement.' }),
  })
  .openapi('StatementLine');

export const statementsSchema = z
  .object({
    frame: frameSchema,
    summary: z.string(),
    by: dimensionSchema,
    rule: z.enum(allocationRules),
    shared: z.array(z.string()),
    total: z
      .object({
        ledger_usd: usdSchema,
        invoice_usd: orNull(usdSchema),
        difference_usd: usdSchema,
        total_usd: usdSchema,
        billed_usd: usdSchema,
        rounding_usd: usdSchema,
      })
      .openapi({ description: 'What all statements add up to, exactly and in cents.' }),
    statements: z.array(
      z
        .object({
          kind: z.enum(['account', 'unattributed', 'difference']),
          key: z.string().nullable(),
          calls: count,
          unpriced_calls: count,
          direct_usd: usdSchema,
          shared_usd: usdSchema,
          unattributed_usd: usdSchema,
          difference_usd: usdSchema,
          total_usd: usdSchema.openapi({ description: 'The sum of these four.' }),
          billed_usd: usdSchema,
          rounding_usd: usdSchema.openapi({ description: 'What rounding to cents added.' }),
          lines: z.array(lineSchema),
        })
        .openapi('Statement'),
    ),
  })
  .openapi('StatementsReport');

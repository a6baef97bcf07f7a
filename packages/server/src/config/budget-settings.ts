import { examineBreakers, examineBudgets, type BudgetProblem } from '@farthing/core';
import { z } from 'zod';

const amount = { type: ['string', 'number'] } as const;
const scope = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'Dimension → value, or "*" for each of its own. None: all calls.',
} as const;
const models = { type: 'array', items: { type: 'string' } } as const;

/** For editors; what is wrong with a budget is said by the one reader that every way in shares. */
const budgetShape = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    scope,
    limit: {
      description: 'USD, or usd, tokens and calls.',
      anyOf: [
        amount,
        {
          type: 'object',
          properties: { usd: amount, tokens: { type: 'integer' }, calls: { type: 'integer' } },
        },
      ],
    },
    window: { type: 'string', description: 'minute … month, total, or "rolling day".' },
    soft: { type: 'number', description: 'Share of the limit from which on it warns (0.8).' },
    call: {
      type: 'object',
      description: 'Limits of a single call.',
      properties: {
        warn: amount,
        max: amount,
        input_tokens: { type: 'integer' },
        output_tokens: { type: 'integer' },
      },
    },
    action: { type: 'string' },
    actions: {
      description: 'downgrade and truncate are tried in their order; the last one decides.',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    downgrade: { ...models, description: 'Models, the dearest first.' },
    hold: { enum: ['clamp', 'bound', 'expected'] },
    least_output: { type: 'integer' },
    unavailable: {
      description: 'When Redis is gone: closed, open, or { allowance: 1.00 }.',
      anyOf: [{ enum: ['closed', 'open'] }, { type: 'object', properties: { allowance: {} } }],
    },
    paused: { type: 'boolean' },
  },
} as const;

const breakerShape = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    scope,
    limit: { ...amount, description: 'USD in `window` that trip it.' },
    budget: { type: 'string' },
    pace: { type: 'number', description: 'Times the pace of `budget`, instead of `limit`.' },
    window: { type: 'string', description: 'A duration: 10m.' },
    steps: { type: 'array', items: { enum: ['downgrade', 'truncate', 'throttle', 'block'] } },
    cool_down: { type: 'string' },
    probes: { type: 'integer' },
    downgrade: { ...models, description: 'Models, the dearest first.' },
  },
} as const;

export const budgetList = z
  .array(z.unknown().meta(budgetShape as Record<string, unknown>))
  .superRefine((list, context) => report(examineBudgets(list).problems, context))
  .default([]);

/** What needs the budgets to be checked, `checkBreakers` does. */
export const breakerList = z
  .array(z.unknown().meta(breakerShape as Record<string, unknown>))
  .default([]);

/** Breakers may follow the pace of a budget: both are needed to say whether they are right. */
export function checkBreakers(
  { budgets, breakers }: { budgets: readonly unknown[]; breakers: readonly unknown[] },
  context: z.core.$RefinementCtx,
): void {
  const { problems } = examineBreakers(breakers, examineBudgets(budgets).budgets);
  report(problems, context, ['breakers']);
}

export const redis = z
  .strictObject({
    url: z
      .string()
      .refine(areRedisUrls, { error: 'must be a Redis URL, like redis://127.0.0.1:6379' })
      .describe(
        'redis://[user:password@]host:port/database, or rediss:// for TLS. Several, separated by commas: nodes of a Redis Cluster, which lead to the others.',
      ),
    cluster: z
      .boolean()
      .optional()
      .describe('Whether a single URL is a node of a Redis Cluster. Several URLs always are.'),
    namespace: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .default('default')
      .describe('Names whose budgets these are: gateways of one namespace share them.'),
    timeout_ms: z
      .int()
      .min(10)
      .max(10_000)
      .default(250)
      .describe("How long a call waits for Redis before its budget's `unavailable` decides."),
  })
  .optional()
  .describe('Where several gateways share the balances of their budgets.');

function areRedisUrls(text: string): boolean {
  return text.split(',').every((url) => {
    try {
      return /^rediss?:$/.test(new URL(url.trim()).protocol);
    } catch {
      return false;
    }
  });
}

function report(
  problems: readonly BudgetProblem[],
  context: z.core.$RefinementCtx,
  base: string[] = [],
): void {
  for (const { path, message } of problems) {
    context.addIssue({ code: 'custom', path: [...base, ...path], message });
  }
}

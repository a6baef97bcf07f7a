import { z } from '@hono/zod-openapi';
import { instantSchema, orNull } from './money.js';
import { restrictionListSchema } from './restrictions.js';

const measureSchema = z.enum(['usd', 'tokens', 'calls']);
const scopeSchema = z.record(z.string(), z.string());
const amountSchema = z.string().openapi({
  description: 'USD as an exact decimal, tokens and calls as whole numbers.',
});

const limitsSchema = z
  .strictObject({
    usd: z.union([z.string(), z.number()]).transform(String).optional(),
    tokens: z.number().int().optional(),
    calls: z.number().int().optional(),
  })
  .openapi('BudgetLimits', { description: 'USD as a decimal string; tokens; calls.' });

const raiseInForceSchema = z.object({
  limit: z.record(z.string(), z.unknown()),
  until: orNull(z.string()),
  by: z.string(),
});

const budgetStatusSchema = z
  .object({
    name: z.string(),
    scope: scopeSchema,
    window: z.string().openapi({ example: 'rolling day' }),
    actions: z.array(z.string()),
    paused: z.boolean(),
    definition: z.record(z.string(), z.unknown()).openapi({
      description: 'As it was written, without what was raised or paused since.',
    }),
    origin: z.union([
      z.object({ from: z.literal('config') }),
      z.object({ from: z.literal('change'), at: z.string(), by: z.string() }),
    ]),
    raised: orNull(raiseInForceSchema),
    raised_accounts: z.array(raiseInForceSchema.extend({ scope: scopeSchema })).openapi({
      description: 'Accounts that are raised by themselves.',
    }),
    limit: z.record(z.string(), amountSchema),
    call: z.record(z.string(), z.union([z.string(), z.number()])),
    soft: z.number().openapi({ description: 'Share of the limit from which on it warns.' }),
    downgrade: z.array(z.string()).openapi({ description: 'Models, the dearest first.' }),
    resets_at: orNull(instantSchema),
    accounts: z.array(
      z.object({
        scope: scopeSchema,
        measure: measureSchema,
        limit: amountSchema,
        spent: amountSchema,
        held: amountSchema,
        ratio: z.number(),
      }),
    ),
    account_count: z.number().int(),
    ratio: z.number().openapi({ description: 'Spent and held ÷ limit, of the fullest account.' }),
  })
  .openapi('BudgetStatus');

const presentSchema = z.object({
  as_of: instantSchema,
  live: z.boolean().openapi({ description: 'Whether a gateway runs that keeps the balances.' }),
  shared: z.boolean().openapi({ description: 'Whether they stand in Redis.' }),
  problems: z.array(z.string()),
});

export const budgetListSchema = presentSchema
  .extend({ budgets: z.array(budgetStatusSchema), ...restrictionListSchema.shape })
  .openapi('BudgetList');

export const budgetViewSchema = presentSchema
  .extend({ budget: budgetStatusSchema })
  .openapi('BudgetView');

const by = z.string().min(1).max(256).default('api');

export const setBudgetSchema = z
  .strictObject({
    budget: z.record(z.string(), z.unknown()).openapi({
      description: 'In the format of `budgets` in farthing.yaml. Replaces the one of its name.',
      example: { name: 'support', scope: { agent: 'support' }, limit: '15.00', window: 'day' },
    }),
    by,
  })
  .openapi('SetBudget');

export const byWhomSchema = z.strictObject({ by }).openapi('ByWhom');

export const raiseSchema = z
  .union([
    z.strictObject({ to: limitsSchema, account: scopeSchema.optional(), by }),
    z.strictObject({ add: limitsSchema, account: scopeSchema.optional(), by }),
  ])
  .openapi('RaiseBudget', {
    description:
      '`to` limits, or by what to `add`; of a budget for each of its own for one `account` alone, named by the values of its scope: `{ "user": "ada" }`.',
  });

export const recordedSchema = z
  .object({ id: z.string(), recorded_at: instantSchema })
  .openapi('RecordedChange');

export const raisedSchema = recordedSchema
  .extend({ until: orNull(instantSchema), account: orNull(scopeSchema) })
  .openapi('RaisedBudget');

const verdictSchema = z.object({
  budget: z.string(),
  scope: scopeSchema,
  measure: measureSchema,
  limit: amountSchema,
  used: amountSchema,
  asked: amountSchema,
  said: z.enum(['yes', 'soft', 'over', 'no']),
  resets_at: orNull(instantSchema),
});

export const decisionSchema = z
  .object({
    call: z.string(),
    at: instantSchema,
    outcome: z.enum(['admitted', 'refused']),
    provider: z.string(),
    model_requested: z.string(),
    model: orNull(z.string()),
    tags: z.record(z.string(), z.unknown()),
    steps: z.array(z.looseObject({ do: z.string() })),
    accounts: z.array(verdictSchema),
    warnings: z.array(z.string()),
    refusal: z
      .object({
        action: z.enum(['throttle', 'acknowledge', 'block']),
        budget: z.string(),
        breaker: z.boolean().optional(),
        message: z.string(),
        retry_after_s: orNull(z.number()),
        code: z.enum(['run_stopped', 'restricted']).optional(),
        incident: z.string().optional(),
        until: instantSchema.optional(),
      })
      .optional(),
    times: z.number().int().openapi({
      description: 'Refusals of the same account within the same second.',
    }),
    same_as: z.string().optional().openapi({
      description: 'The call that the decision was recorded about, the first of its kind.',
    }),
  })
  .openapi('BudgetDecision');

export const acknowledgeSchema = z
  .strictObject({ token: z.string().min(1).max(8_192), by })
  .openapi('Acknowledge');

export const acknowledgedSchema = z
  .object({ budgets: z.array(z.string()), expires_at: instantSchema })
  .openapi('Acknowledged', { description: 'The same request now passes once, until then.' });

export const breakersSchema = z
  .object({
    breakers: z.array(
      z.object({
        name: z.string(),
        scope: scopeSchema,
        limit: amountSchema,
        window_s: z.number(),
        steps: z.array(z.string()),
        tripped: z.array(
          z.object({
            scope: scopeSchema,
            state: z.enum(['closed', 'tripped', 'half_open']),
            step: orNull(z.string()),
            cause: orNull(z.string()),
            since: orNull(instantSchema),
            until: orNull(instantSchema),
          }),
        ),
      }),
    ),
  })
  .openapi('Breakers');

export const breakerOrderSchema = z
  .strictObject({
    scope: scopeSchema.optional(),
    cause: z.string().min(1).max(500).optional(),
    seconds: z
      .number()
      .int()
      .min(1)
      .max(31 * 86_400)
      .optional(),
    by,
  })
  .openapi('BreakerOrder');

export const trippedSchema = recordedSchema
  .extend({ until: instantSchema })
  .openapi('TrippedBreaker');

export const estimateRequestSchema = z
  .strictObject({
    request: z.record(z.string(), z.unknown()).openapi({
      description:
        'The body as it would be sent to the provider. It is not kept, and sent on only by `count`.',
    }),
    models: z.array(z.string().min(1).max(256)).max(32).optional(),
    provider: z.string().min(1).max(64).optional(),
    feature: z.string().max(256).optional(),
    template_version: z.string().max(256).optional(),
    count: z.boolean().optional().openapi({
      description:
        'Ask the providers how many input tokens it has. The request is then sent to them, with the keys of the environment. Free of charge.',
    }),
  })
  .openapi('EstimateRequest');

export const estimateSchema = z
  .object({
    api: z.string(),
    models: z.array(
      z.object({
        provider: orNull(z.string()),
        model: z.string(),
        input: z.object({
          expected: z.number(),
          bound: z.number(),
          method: z.string().openapi({
            description: '`provider`, `tokenizer`, `learned` or `bytes/4`.',
          }),
          estimated: z.boolean(),
          parts: orNull(
            z.object({
              text: z.number(),
              framing: z.number(),
              tools: z.number(),
              files: z.number(),
            }),
          ),
          notes: z.array(z.string()),
        }),
        output: z.object({
          mean: z.number(),
          q50: z.number(),
          q95: z.number(),
          q99: z.number(),
          bound: z.number(),
          basis: z.string(),
        }),
        learned_calls: z.number().int(),
        usd: orNull(
          z.object({ expected: z.string(), q95: z.string(), q99: z.string(), bound: z.string() }),
        ),
      }),
    ),
    prompt: orNull(
      z.object({
        sources: z.array(
          z.object({ source: z.string(), tokens: z.number().int(), share: z.number() }),
        ),
        lever: orNull(z.object({ source: z.string(), advice: z.string() })),
      }),
    ),
  })
  .openapi('RequestEstimate');

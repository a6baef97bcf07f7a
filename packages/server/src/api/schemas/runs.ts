import type { RunNode } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema } from './query.js';

const count = z.number().int();
const share = orNull(z.number());
const text = z.string().nullable();
const tokensSchema = z.object({ input: count, cache_read: count, output: count });

const successFields = {
  group: z.record(z.string(), text),
  runs: count.openapi({ description: 'Runs with calls in the group; one may be in several.' }),
  calls: count,
  cost_usd: orNull(usdSchema),
  cost_per_run_usd: orNull(usdSchema),
  judged: count.openapi({ description: 'Runs whose outcome is known.' }),
  successes: count,
  success_rate: share.openapi({ description: 'Of the judged runs.' }),
  judged_cost_usd: orNull(usdSchema),
  cost_per_success_usd: orNull(usdSchema).openapi({
    description:
      'What the judged runs cost, failures included, divided by the successes; null without one.',
  }),
};

export const runListSchema = z
  .object({
    summary: z.string(),
    frame: frameSchema,
    kind: z.enum(['run', 'session']),
    totals: z.object({
      ...successFields,
      calls_per_run: z.number().nullable(),
      cost_share: share.openapi({ description: 'The part of the cost that runs are known of.' }),
    }),
    rows: z.array(
      z
        .object({
          id: z.string(),
          calls: count,
          errors: count,
          retries: count,
          unpriced_calls: count,
          cost_usd: orNull(usdSchema),
          cost_share: share,
          tokens: z.object({ input: count, output: count }),
          first_call_at: text,
          duration_ms: z.number().nullable(),
          feature: text.openapi({ description: 'Null also where its calls have several.' }),
          agent: text,
          user: text,
          segment: text,
          outcome: text.openapi({ description: 'success, failure, or an own word.' }),
        })
        .openapi('ListedRun'),
    ),
    truncated: z.boolean(),
    by: z.array(dimensionSchema),
    groups: z.array(z.object(successFields).openapi('SuccessRow')),
    groups_truncated: z.boolean(),
  })
  .openapi('RunList');

const nodeFields = {
  kind: z.enum(['agent', 'tool', 'chain', 'call', 'others']),
  name: z.string(),
  feature: text,
  template_version: text,
  calls: count.openapi({ description: 'Calls and uses of tools here and below.' }),
  errors: count,
  retries: count,
  unpriced_calls: count,
  cost_usd: orNull(usdSchema),
  cost_share: share.openapi({ description: 'Of the whole run.' }),
  tokens: tokensSchema,
  first_call_at: text,
  last_call_end_at: text,
};

const nodeSchema: z.ZodType<RunNode> = z
  .object({
    ...nodeFields,
    children: z.array(z.lazy((): z.ZodType<RunNode> => nodeSchema)).openapi({
      type: 'array',
      items: { $ref: '#/components/schemas/RunNode' },
      description: 'In the order of their first calls; their costs add up to the node’s.',
    }),
  })
  .openapi('RunNode');

const factsSchema = z
  .object({
    kind: z.enum(['run', 'session', 'trace']),
    id: z.string(),
    calls: count,
    errors: count,
    retries: count,
    unpriced_calls: count,
    cost_usd: orNull(usdSchema),
    retries_cost_usd: orNull(usdSchema),
    tokens: tokensSchema,
    first_call_at: text,
    last_call_end_at: text,
    duration_ms: z.number().nullable(),
    outcome: orNull(
      z.object({ outcome: z.string(), score: z.number().nullable(), at: z.string() }),
    ),
  })
  .openapi('RunFacts');

export const runSchema = z
  .object({
    summary: z.string(),
    frame: frameSchema,
    run: factsSchema,
    tree: z.array(nodeSchema),
    steps: z
      .array(
        z.object({
          step: z.string().openapi({ example: 'agent:planner/tool:search' }),
          kind: z.enum(['call', 'tool']),
          name: z.string(),
          feature: text,
          template_version: text,
          calls: count,
          cost_usd: orNull(usdSchema),
          cost_per_call_usd: orNull(usdSchema),
          cost_share: share,
          cumulative_share: share,
        }),
      )
      .openapi({ description: 'Dearest first.' }),
    steps_truncated: z.boolean(),
    comparison: orNull(
      z.object({
        run: factsSchema,
        summary: z.string(),
        change_usd: usdSchema,
        steps: z
          .array(
            z.object({
              step: z.string(),
              kind: z.enum(['call', 'tool']),
              name: z.string(),
              name_before: text,
              feature: text,
              template_version: text,
              template_version_before: text,
              calls: count,
              calls_before: count,
              tokens: count,
              tokens_before: count,
              cost_usd: usdSchema,
              cost_before_usd: usdSchema,
              change_usd: usdSchema,
              change_by_calls_usd: usdSchema,
              cause: z.enum([
                'new',
                'gone',
                'model',
                'template',
                'calls',
                'tokens',
                'price',
                'same',
              ]),
            }),
          )
          .openapi({ description: 'Largest difference first; they add up to `change_usd`.' }),
      }),
    ),
  })
  .openapi('RunReport');

import { taskTypes } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { figures, modelNameSchema } from './what-if.js';

const classedModel = modelNameSchema.extend({ class: z.enum(['fast', 'balanced', 'frontier']) });
const share = orNull(z.number());
const monthly = usdSchema.openapi({
  description: 'Expected savings in 30 days, at the pace of the window.',
});
const command = z.string().openapi({ description: 'The command that looks closer.' });

export const substitutionsSchema = z
  .object({
    frame: frameSchema,
    summary: z.string().openapi({ description: 'The answer in a sentence or two.' }),
    candidates: z
      .array(
        z
          .object({
            feature: orNull(z.string()),
            from: classedModel,
            to: classedModel,
            basis: z.enum(['task', 'data']).openapi({
              description: 'Found by what the feature does, or by what its answers are like.',
            }),
            task: orNull(z.enum(taskTypes)),
            ...figures,
            evidence: z.object({
              output_p50: share,
              output_p95: share,
              reasoning_share: share.openapi({
                description: 'Hidden reasoning as a part of all output.',
              }),
              duration_p95_ms: share,
            }),
            share_of_spend: share,
            monthly_savings_usd: monthly,
            samples_to_check: z.number().int().openapi({
              description:
                'Answers to compare before: none worse among 100 means at most 3 % are, with 95 % confidence.',
            }),
            risks: z.array(z.string()),
            sentence: z.string(),
            command,
          })
          .openapi('Substitution'),
      )
      .openapi({ description: 'The largest expected savings first.' }),
    savings_usd: usdSchema,
    monthly_savings_usd: monthly,
  })
  .openapi('Substitutions');

export const batchableSchema = z
  .object({
    frame: frameSchema,
    summary: z.string().openapi({ description: 'The answer in a sentence or two.' }),
    work: z
      .array(
        z
          .object({
            feature: orNull(z.string()),
            models: z.array(modelNameSchema),
            confidence: z.enum(['likely', 'possible']).openapi({
              description: '`likely` comes at certain times, `possible` all day long.',
            }),
            ...figures,
            evidence: z.object({
              streamed: z.number(),
              for_somebody: z.number().openapi({
                description: 'Part of the calls that carry a user or a session.',
              }),
              in_runs: z.number(),
              duration_p95_ms: share,
              rhythm: z.object({
                kind: z.enum(['scheduled', 'bursts', 'steady']),
                active_hours_share: share,
                busiest_hours_share: share.openapi({
                  description: 'Of the calls, those in the four busiest hours of the day.',
                }),
                hours: z.array(z.number().int()).openapi({ description: 'Hours of the day, UTC.' }),
                sentence: orNull(z.string()),
                short: orNull(z.string()),
              }),
            }),
            share_of_spend: share,
            monthly_savings_usd: monthly,
            signs: z.array(z.string()),
            risks: z.array(z.string()),
            sentence: z.string(),
            command,
          })
          .openapi('BatchableWork'),
      )
      .openapi({ description: 'Likely ones first, by savings.' }),
    savings_usd: usdSchema,
    monthly_savings_usd: monthly,
  })
  .openapi('Batchable');

import { z } from 'zod';
import { durationOf } from './duration.js';

const usd = z
  .union([z.string(), z.number()])
  .refine((value) => /^\d+(\.\d+)?$/.test(String(value)) && Number(value) > 0, {
    error: 'must be an amount in USD above 0, like "5.00"',
  })
  .transform(Number);
const count = z.int().min(1);

const limits = z
  .strictObject({
    cost_usd: usd.optional().describe('What a run may cost, in USD.'),
    calls: count.optional().describe('Calls that a run may make.'),
    repeats: count
      .optional()
      .describe('How often it may say again what it said within its last ten turns.'),
    depth: count.optional().describe('How deep runs may be nested.'),
    usd_per_minute: usd.optional().describe('What it may spend within a minute, in USD.'),
  })
  .describe('What no run may go beyond, beside what is learned of the runs of its feature.');

const mode = z.enum(['off', 'tell', 'stop']);

/** Runs that loop or spend as none before them. */
export const runGuardSettings = z
  .strictObject({
    mode: mode
      .default('tell')
      .describe(
        'What happens to a run that runs away: `tell` lets its calls pass and says so, in the header x-farthing-warning, a metric and an incident; `stop` refuses its next calls; `off` looks at none.',
      ),
    for: z
      .string()
      .refine((text) => durationOf(text) >= 60_000, 'must be a duration of a minute or more: "1h"')
      .default('1h')
      .describe('How long a run stays stopped, unless a person releases it.'),
    limits: limits.prefault({}),
    features: z
      .record(
        z.string().min(1),
        z.strictObject({ mode: mode.optional(), limits: limits.optional() }),
      )
      .default({})
      .describe(
        'By feature (or agent, where calls have no feature): another mode or other limits.',
      ),
  })
  .prefault({});

export type RunGuardSettings = z.infer<typeof runGuardSettings>;

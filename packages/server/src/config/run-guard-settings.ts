import type { RunCeilings } from '@farthing/core';
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

/** Those that are stated: one that is not would take away a common one. */
export function runCeilings(limits: RunGuardSettings['limits']): RunCeilings {
  const { cost_usd: cost, calls, repeats, depth, usd_per_minute: velocity } = limits;
  const stated = Object.entries({ cost, calls, repeats, depth, velocity });
  return Object.fromEntries(stated.filter(([, limit]) => limit !== undefined));
}

/** What no run of a feature (or agent) may go beyond: nothing that is set where its runs are not looked at. */
export function runCeilingsByFeature({
  mode,
  limits,
  features,
}: RunGuardSettings): (feature: string) => RunCeilings {
  const common = runCeilings(limits);
  const owns = new Map(Object.entries(features));
  return (feature) => {
    const own = owns.get(feature);
    if ((own?.mode ?? mode) === 'off') return {};
    return { ...common, ...runCeilings(own?.limits ?? {}) };
  };
}

import type { ObservedCall } from '../observed-call.js';
import type { RuleAmount, RuleMetric } from './alert-rule.js';

/** What a call adds to a metric: an amount, for ratios over another one (1 where it is none). */
export interface Measured {
  amount: number;
  over: number;
}

/** Null where the call says nothing about the metric: its price is unknown, or it has no input to divide by. */
export function measure(metric: RuleMetric, { cost, tokens }: ObservedCall): Measured | null {
  const input = tokens.uncached + tokens.cache_read + tokens.cache_write;
  switch (metric) {
    case 'cost':
      return cost === null ? null : { amount: cost, over: 1 };
    case 'input_tokens':
      return { amount: input, over: 1 };
    case 'output_tokens':
      return { amount: tokens.output, over: 1 };
    case 'output_per_input':
      return input > 0 ? { amount: tokens.output, over: input } : null;
  }
}

/** A group's own amount, or the one for all others; null where it has none. */
export function amountFor(amount: RuleAmount, group: string): number | null {
  if (typeof amount === 'number') return amount;
  return (Object.hasOwn(amount, group) ? amount[group] : amount['*']) ?? null;
}

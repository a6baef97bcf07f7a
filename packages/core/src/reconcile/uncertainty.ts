import type { Entry } from '../entry.js';
import { totalInput } from '../usage/usage.js';

/** Kinds of calls whose tokens the ledger does not know for sure, each a cause of its own. */
export const uncertainCauses = [
  'interrupted_calls',
  'missing_usage',
  'estimated_usage',
  'errors_billed',
] as const;
export type UncertainCause = (typeof uncertainCauses)[number];

/**
 * How far the provider's count of such calls may lie from ours, in tokens: `less` than booked (they
 * cannot have taken less than nothing) and `more` than booked.
 */
export interface Uncertainty {
  calls: number;
  less: { input: number; output: number };
  more: { input: number; output: number };
}
export type Uncertainties = Record<UncertainCause, Uncertainty>;

/** Output that a call whose answer is unknown may have had beyond its estimate: see docs/reconcile.md. */
const unknownOutput = 500;

export function noUncertainties(): Uncertainties {
  const none = (): Uncertainty => ({
    calls: 0,
    less: { input: 0, output: 0 },
    more: { input: 0, output: 0 },
  });
  return {
    interrupted_calls: none(),
    missing_usage: none(),
    estimated_usage: none(),
    errors_billed: none(),
  };
}

/** Adds a call, if its usage is not the provider's own last word. */
export function addUncertainty(sums: Uncertainties, entry: Entry): void {
  const cause = causeOf(entry);
  if (cause === null) return;
  const sum = sums[cause];
  const tokens = entry.usage?.tokens;
  const booked = {
    input: tokens === undefined ? 0 : totalInput(tokens),
    output: tokens?.output ?? 0,
  };
  const expected = entry.estimate ?? { input_tokens: 0, output_tokens: 0 };
  sum.calls++;
  sum.less.input += booked.input;
  sum.less.output += booked.output;
  // Sizes in bytes tell tokens apart by a factor of two at most: prose, code, other scripts.
  sum.more.input += Math.max(booked.input, 2 * expected.input_tokens - booked.input);
  sum.more.output += Math.max(booked.output, 2 * expected.output_tokens, unknownOutput);
}

function causeOf(entry: Entry): UncertainCause | null {
  const { outcome, usage, cost } = entry;
  if (outcome === 'error') {
    const mayBeBilled = entry.http_status === null || entry.http_status >= 500;
    return mayBeBilled && cost.status === 'not_billed' ? 'errors_billed' : null;
  }
  const brokeOff = outcome === 'aborted' || outcome === 'interrupted';
  if (brokeOff && (usage === null || usage.estimated || cost.status === 'partial')) {
    return 'interrupted_calls';
  }
  if (usage === null) return cost.status === 'not_billed' ? null : 'missing_usage';
  return usage.estimated ? 'estimated_usage' : null;
}

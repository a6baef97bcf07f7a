/**
 * What detectors look at of a call. Amounts are USD as numbers: they judge sizes, and no sum of money that
 * anybody sees is made of them.
 */
export interface ObservedCall {
  /** When it began, milliseconds since 1970. */
  at: number;
  /** Null where it is not known. */
  cost: number | null;
  tokens: { uncached: number; cache_read: number; cache_write: number; output: number };
  /** USD per output token, or per uncached input token where there is no output; null where unknown. */
  unit_price: number | null;
  /** What it was expected to cost, USD; null without an estimate. */
  estimate: number | null;
  template: string | null;
  run: string | null;
  /** How many runs its run stands within; absent where that is not known. */
  depth?: number;
  /** False where the provider took nothing for it: an outage is no loop, however often it is tried. */
  billed?: boolean;
  /** Says which feature it belongs to. */
  attributed: boolean;
  /** Repeats an attempt that failed. */
  retry: boolean;
  /** Says what a call of the same run has said shortly before, digits masked. */
  repeated: boolean;
  /** False for what has no sizes to judge: an error without usage. */
  sized?: boolean;
}

/** Quantities whose lasting shift is told, each named so that the one that moves names the cause. */
export const shiftChannels = [
  'cost',
  'input',
  'output',
  'unit_price',
  'uncached_share',
  'cost_per_estimate',
] as const;
export type ShiftChannel = (typeof shiftChannels)[number];

/** The logarithm of a channel's quantity; null where the call has none. */
export function channelValue(channel: ShiftChannel, call: ObservedCall): number | null {
  const { tokens } = call;
  if (call.sized === false) return null;
  switch (channel) {
    case 'cost':
      return call.cost === null || call.cost <= 0 ? null : Math.log(call.cost);
    case 'input':
      // All of it: what was not cached is a hit's remainder or a miss's whole, and one of both by chance.
      return Math.log(tokens.uncached + tokens.cache_read + tokens.cache_write + 1);
    case 'output':
      return Math.log(tokens.output + 1);
    case 'unit_price':
      return call.unit_price === null || call.unit_price <= 0 ? null : Math.log(call.unit_price);
    case 'uncached_share': {
      const input = tokens.uncached + tokens.cache_read + tokens.cache_write;
      // A share of nothing is no information; one of a hundredth counts like none.
      return input === 0 ? null : Math.log(0.01 + 1 - tokens.cache_read / input);
    }
    case 'cost_per_estimate':
      return call.cost === null || call.cost <= 0 || call.estimate === null || call.estimate <= 0
        ? null
        : Math.log(call.cost / call.estimate);
  }
}

/**
 * A channel's quantity of its logarithm: USD, tokens, USD per token, a share of the input (0 to 1), or cost by
 * estimate. Of a mean of logarithms it is a typical value (a geometric mean).
 */
export function quantityOf(channel: ShiftChannel, logarithm: number): number {
  const quantity = Math.exp(logarithm);
  switch (channel) {
    case 'input':
    case 'output':
      return Math.max(0, quantity - 1);
    case 'uncached_share':
      return Math.max(0, Math.min(1, quantity - 0.01));
    default:
      return quantity;
  }
}

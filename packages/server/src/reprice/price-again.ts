import {
  readingOfEntry,
  restate,
  type Correction,
  type Entry,
  type Restated,
  type Usage,
} from '@farthing/core';
import type { Price } from './ports.js';
import { rereadUsage } from './reread-usage.js';
import type { AdjustedCall } from './walk-calls.js';

/** A call as the books have it, and as it would be booked now. */
export interface PricedAgain {
  before: Restated;
  now: Correction;
}

export interface PricingAgain {
  price: Price;
  priceAs: (provider: string) => string;
  /** Read the provider's own numbers again, too. */
  reread: boolean;
}

/**
 * Prices a call again: at the time at which it began, with its usage and facts as they are restated.
 * Null where there is nothing to price by: a figure that came without usage, or one that its source
 * stated and that stands as stated.
 */
export function priceAgain(
  { call, adjustments }: AdjustedCall,
  { price, priceAs, reread }: PricingAgain,
): PricedAgain | null {
  // What people stated for a call is no part of its price.
  const before = restate(
    call,
    adjustments.filter(({ adjusts }) => adjusts?.cause !== 'manual'),
  );
  if (isStated(before)) return null;
  const usage = reread ? rereadUsage(call, before.usage, priceAs(call.provider)) : null;
  const reading = readingOfEntry(call, usage === null ? before : { ...before, usage });
  if (reading === null) return null;
  const cost = price({
    provider: priceAs(call.provider),
    api: call.api,
    model: call.model,
    at: call.started_at,
    reading,
    ...(call.context === undefined ? {} : { context: call.context }),
  });
  return {
    before,
    now: {
      cost: withRecorded(cost, call, before.usage),
      ...(usage === null ? {} : { usage }),
    },
  };
}

/** The record of an import may state a cost that is kept beside the computed one. */
function withRecorded(
  cost: Correction['cost'],
  call: Entry,
  usage: Usage | null,
): Correction['cost'] {
  const { reported_usd: recorded } = call.cost;
  if (recorded === undefined || usage?.reported !== undefined) return cost;
  return { ...cost, reported_usd: recorded };
}

function isStated({ cost }: Restated): boolean {
  return cost.usd !== null && (cost.source === undefined || cost.source === 'source');
}

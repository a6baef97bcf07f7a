import type { Entry } from '../entry.js';
import { formatUsd, parseUsdRounded } from '../money.js';

/** What keeps an entry out of the books: the field at fault, and what would be right. */
export interface EntryFlaw {
  field: string;
  message: string;
}

/**
 * What is wrong with an entry of the right shape as a call or as an adjustment, or null: a call adjusts
 * nothing and counts nothing negative, an adjustment says what it adjusts and changes its cost by
 * exactly the difference that it states. Throws `invalid_amount` for amounts that are none.
 */
export function adjustmentFlaw(entry: Entry): EntryFlaw | null {
  if (entry.kind === 'call') {
    if (entry.adjusts !== undefined) {
      return { field: 'adjusts', message: 'only an entry of kind adjustment has it' };
    }
    const field = negativeCount(entry);
    return field === null ? null : { field, message: 'a call counts nothing negative' };
  }
  const { adjusts, cost } = entry;
  if (adjusts === undefined) {
    return { field: 'adjusts', message: 'an adjustment must say what it adjusts and why' };
  }
  if (adjusts.entry === null && cost.usd === null) {
    return { field: 'cost.usd', message: 'an amount that belongs to no call must be stated' };
  }
  if (adjusts.usd_before === null || adjusts.usd_after === null) return null;
  const difference = parseUsdRounded(adjusts.usd_after) - parseUsdRounded(adjusts.usd_before);
  if (cost.usd !== null && parseUsdRounded(cost.usd) === difference) return null;
  return {
    field: 'cost.usd',
    message: `must be ${formatUsd(difference)}, the difference of adjusts.usd_after and adjusts.usd_before`,
  };
}

function negativeCount({ usage, cost }: Entry): string | null {
  for (const [field, counts] of [
    ['usage.tokens', usage?.tokens],
    ['usage.details', usage?.details],
    ['usage.units', usage?.units],
  ] as const) {
    for (const [name, count] of Object.entries(counts ?? {})) {
      if (count < 0) return `${field}.${name}`;
    }
  }
  const line = cost.charges.findIndex(({ quantity }) => quantity < 0);
  return line < 0 ? null : `cost.charges[${line}].quantity`;
}

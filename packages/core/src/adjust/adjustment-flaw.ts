import type { Entry } from '../entry.js';
import { formatUsd, parseUsdRounded } from '../money.js';
import type { CostStatus } from '../pricing/charge.js';
import type { Adjustment } from './adjustment.js';

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
  const flaw = kindFlaw(entry);
  const { adjusts, cost } = entry;
  if (flaw !== null || adjusts === undefined) {
    return flaw ?? statusFlaw('cost.usd', cost.usd, cost.status);
  }
  if (adjusts.entry?.toLowerCase() === entry.id.toLowerCase()) {
    return { field: 'adjusts.entry', message: 'is the id of the adjustment itself' };
  }
  if (adjusts.entry === null && cost.usd === null) {
    return { field: 'cost.usd', message: 'an amount that belongs to no call must be stated' };
  }
  if (adjusts.cause === 'manual' && adjusts.usd_after === null) {
    return { field: 'adjusts.usd_after', message: 'after a stated amount the cost is known' };
  }
  return (
    statusFlaw('adjusts.usd_before', adjusts.usd_before, adjusts.status_before) ??
    statusFlaw('adjusts.usd_after', adjusts.usd_after, adjusts.status_after) ??
    differenceFlaw(adjusts, cost.usd) ??
    chargesFlaw(entry, adjusts)
  );
}

/**
 * The part of it that a line which is on record must meet to be booked. What merely contradicts
 * itself is refused where entries come in; nothing that was recorded is lost for it.
 */
export function kindFlaw(entry: Entry): EntryFlaw | null {
  if (entry.kind === 'adjustment') {
    if (entry.adjusts !== undefined) return null;
    return { field: 'adjusts', message: 'an adjustment must say what it adjusts and why' };
  }
  if (entry.adjusts !== undefined) {
    return { field: 'adjusts', message: 'only an entry of kind adjustment has it' };
  }
  const field = negativeCount(entry);
  return field === null ? null : { field, message: 'a call counts nothing negative' };
}

/** What is priced has a price, and what has no price has no cost. */
function statusFlaw(field: string, usd: string | null, status: CostStatus): EntryFlaw | null {
  if (usd === null && (status === 'priced' || status === 'partial')) {
    return { field, message: `must be an amount where the status is ${status}` };
  }
  if (usd !== null && (status === 'unknown_model' || status === 'contract_required')) {
    return { field, message: `must be null where the status is ${status}` };
  }
  return null;
}

/** From no cost to one is the whole cost, from a cost to none takes it back: less what was stated. */
function differenceFlaw(adjusts: Adjustment, usd: string | null): EntryFlaw | null {
  const { usd_before: before, usd_after: after, usd_stated: stated } = adjusts;
  let difference = amountOf(after) - amountOf(before);
  if (before === null && after !== null) difference -= amountOf(stated);
  if (before !== null && after === null) difference += amountOf(stated);
  if (amountOf(usd) === difference && (usd !== null || after === null)) return null;
  return {
    field: 'cost.usd',
    message: `must be ${formatUsd(difference)}, the difference of adjusts.usd_after and adjusts.usd_before`,
  };
}

/** Where price rows stand behind both costs, the lines lead from one to the other. */
function chargesFlaw({ cost }: Entry, adjusts: Adjustment): EntryFlaw | null {
  if (adjusts.cause === 'manual' || cost.reported_usd !== undefined) return null;
  if (cost.computed_usd !== undefined || stated.has(cost.source)) return null;
  const explained =
    (adjusts.usd_before === null || adjusts.price_before !== undefined) &&
    (adjusts.usd_after === null || cost.price !== undefined);
  if (!explained) return null;
  const sum = cost.charges.reduce((total, line) => total + parseUsdRounded(line.amount_usd), 0n);
  if (sum === amountOf(cost.usd)) return null;
  return {
    field: 'cost.charges',
    message: `come to ${formatUsd(sum)}, and cost.usd is ${cost.usd ?? 'null'}: they must come to the same`,
  };
}

/** Costs that are somebody's word: no line has to come to them. */
const stated: ReadonlySet<string | undefined> = new Set(['reported', 'source']);

function amountOf(usd: string | null | undefined): bigint {
  return parseUsdRounded(usd ?? '0');
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

import { comparedEstimate } from '../drift/compared-estimate.js';
import type { Cost, Entry } from '../entry.js';
import { formatUsd, parseUsdRounded } from '../money.js';
import type { Usage } from '../usage/usage.js';
import type { Adjustment, AdjustmentCause } from './adjustment.js';
import { changedCharges } from './changed-charges.js';
import { changedUsage } from './changed-usage.js';
import { inOrder, listCost, restate } from './restate.js';

/** What an entry ought to say by what is known now. */
export interface Correction {
  cost: Cost;
  /** The usage as it is read now; left out when it is as it was. */
  usage?: Usage;
}

/** Who adjusts, why, and when. */
export interface AdjustmentFacts {
  cause: AdjustmentCause;
  /** One sentence for people. */
  reason: string;
  by: string;
  /** What makes the entry: `reprice`. */
  source: string;
  /** ISO 8601, UTC with milliseconds. */
  recorded_at: string;
}

/**
 * The entry that makes an earlier one say what it ought to say, or null when it says so already. It
 * holds the signed difference to the original and all `earlier` adjustments of it; the original stays
 * as it is. Amounts that people stated for the call stay on top of whatever it costs.
 *
 * `newId` makes the id out of the adjusted entry's id and the adjustment's number, and must give the
 * same one for the same two: of two adjustments made at once, only one can then be booked.
 */
export function adjustEntry(
  original: Entry,
  earlier: readonly Entry[],
  now: Correction,
  facts: AdjustmentFacts,
  newId: (entry: string, number: number) => string,
): Entry | null {
  const before = restate(original, earlier);
  const stated = earlier.filter(({ adjusts }) => adjusts?.cause === 'manual');
  const priced =
    stated.length === 0
      ? before
      : restate(
          original,
          earlier.filter((entry) => !stated.includes(entry)),
        );
  const usage = now.usage === undefined ? null : changedUsage(priced.usage, now.usage);
  const cost = changedCost(priced.cost, now.cost);
  if (cost === null && usage === null) return null;

  const number = (inOrder(earlier).at(-1)?.adjusts?.number ?? 0) + 1;
  const extra = stated.reduce((sum, entry) => sum + parseUsdRounded(entry.cost.usd ?? '0'), 0n);
  const adjusts: Adjustment = {
    entry: original.id,
    number,
    cause: facts.cause,
    reason: facts.reason,
    by: facts.by,
    ...(original.cost.status === before.cost.status ? {} : { status_booked: original.cost.status }),
    status_before: before.cost.status,
    status_after: now.cost.status,
    usd_before: before.cost.usd,
    usd_after: now.cost.usd === null ? null : formatUsd(parseUsdRounded(now.cost.usd) + extra),
    ...(extra === 0n ? {} : { usd_stated: formatUsd(extra) }),
    ...(priced.cost.price === undefined ? {} : { price_before: priced.cost.price }),
  };
  const {
    estimate: _estimate,
    context: _context,
    prompt: _prompt,
    prefixes: _prefixes,
    ...repeated
  } = original;
  const compared = comparedEstimate(original);
  return {
    ...repeated,
    id: newId(original.id, number),
    kind: 'adjustment',
    adjusts,
    source: facts.source,
    recorded_at: facts.recorded_at,
    usage,
    cost: cost ?? unchanged(priced.cost),
    ...(compared === null ? {} : { estimate: compared }),
  };
}

/** Null when the two cost the same, for the same reason, by the same lines. */
function changedCost(before: Cost, now: Cost): Cost | null {
  const charges = changedCharges(before.charges, now.charges);
  const usd = difference(before.usd, now.usd);
  const list = difference(listCost(before), listCost(now));
  const reported = difference(before.reported_usd, now.reported_usd);
  const computed = difference(before.computed_usd, now.computed_usd);
  const differs =
    [usd, list, reported, computed].some((amount) => amount !== null && amount !== '0') ||
    charges.length > 0 ||
    // Nothing to pay is not the same as not knowing what to pay.
    (before.usd === null) !== (now.usd === null) ||
    before.status !== now.status;
  if (!differs) return null;

  const cost: Cost = { usd, status: now.status, charges };
  if (now.source !== undefined) cost.source = now.source;
  if (now.reason !== undefined) cost.reason = now.reason;
  if (now.price !== undefined) cost.price = now.price;
  if (reported !== null && reported !== '0') cost.reported_usd = reported;
  if (computed !== null && computed !== '0') cost.computed_usd = computed;
  if (list !== null && list !== (cost.computed_usd ?? usd)) cost.list_usd = list;
  return cost;
}

/** The cost of an adjustment that changes the usage and not the cost. */
function unchanged(cost: Cost): Cost {
  return {
    usd: cost.usd === null ? null : '0',
    status: cost.status,
    ...(cost.source === undefined ? {} : { source: cost.source }),
    ...(cost.reason === undefined ? {} : { reason: cost.reason }),
    charges: [],
    ...(cost.price === undefined ? {} : { price: cost.price }),
  };
}

/** after − before, what is not there counting as nothing; null when neither is there. */
function difference(
  before: string | null | undefined,
  after: string | null | undefined,
): string | null {
  if (before == null && after == null) return null;
  return formatUsd(parseUsdRounded(after ?? '0') - parseUsdRounded(before ?? '0'));
}

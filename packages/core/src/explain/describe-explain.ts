import { parseUsd, type Picodollars } from '../money.js';
import { describeChange, describeGrowth, describeMoney } from './describe-money.js';
import type { ExplainedCause } from './explain-report.js';

interface Explained {
  before: Picodollars;
  after: Picodollars;
  calls: { before: number; after: number };
  causes: readonly Pick<ExplainedCause, 'amount_usd' | 'summary'>[];
  unpriced: { before: number; after: number };
}

/**
 * The answer in one sentence: "+$412 (+38 %): `search` started producing 2.1 × the output tokens on 14 Nov with
 * template v7". The first cause is the largest one in the direction of the difference; a second is told
 * where it is at least a third as large.
 */
export function describeExplain({ before, after, calls, causes, unpriced }: Explained): string {
  if (calls.before === 0 && calls.after === 0 && before === 0n && after === 0n) {
    return 'There are no calls in either window.';
  }
  const isPriced = unpriced.before < calls.before || unpriced.after < calls.after;
  if (!isPriced && before === 0n && after === 0n) {
    return 'No call in either window has a known price: there is no difference to explain.';
  }
  const difference = after - before;
  const growth = describeGrowth(before, after);
  const [first, ...rest] = ordered(causes, difference);
  if (first === undefined) {
    return difference === 0n
      ? `No change: ${describeMoney(after)} in both windows.`
      : describeChange(difference);
  }
  const head = `${difference === 0n ? '$0' : describeChange(difference)}${growth === null ? '' : ` (${growth})`}`;
  const parts = [withAmount(first, difference)];
  const second = rest.find((cause) => size(cause) * 3n >= size(first));
  if (second !== undefined) parts.push(withAmount(second, difference));
  return `${head}: ${parts.join('; ')}.`;
}

type Told = Explained['causes'][number];

/** Causes in the difference's direction before those against it, the largest first in each. */
function ordered(causes: readonly Told[], difference: Picodollars): Told[] {
  const isAlong = (cause: Told) =>
    difference === 0n || parseUsd(cause.amount_usd) > 0n === difference > 0n;
  const along = causes.filter((cause) => isAlong(cause));
  return [...along, ...causes.filter((cause) => !isAlong(cause))];
}

/** The amount is left out where it is what stands in front: within a twentieth. */
function withAmount(cause: Told, difference: Picodollars): string {
  const amount = parseUsd(cause.amount_usd);
  const off = amount > difference ? amount - difference : difference - amount;
  const isAll = off * 20n <= (difference < 0n ? -difference : difference);
  return isAll ? cause.summary : `${cause.summary} (${describeChange(amount)})`;
}

function size({ amount_usd: amount }: Told): Picodollars {
  const parsed = parseUsd(amount);
  return parsed < 0n ? -parsed : parsed;
}

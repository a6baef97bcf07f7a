import { describeMoney } from '../explain/describe-money.js';
import { parseUsd } from '../money.js';
import type { MarginReport, MarginRow } from './margin.js';
import type { RevenueFor, RevenueLine } from './revenue.js';

export function noteGaps(
  notes: string[],
  {
    revenue,
    by,
    cutTo: most,
  }: {
    revenue: readonly RevenueLine[];
    by: RevenueFor;
    /** How many rows there are where there would be more; null where these are all. */
    cutTo: number | null;
  },
): void {
  if (revenue.length === 0) {
    notes.push(
      'No revenue is known: write who pays what into a file and run "farthing margin --revenue <file> --save".',
    );
  }
  if (most !== null) {
    notes.push(
      `Only the ${most.toLocaleString('en-US')} dearest accounts are in the rows; the total has all.`,
    );
  }
  const others = revenue.filter((line) => line.for !== by && line.for !== 'plan' && by !== 'plan');
  if (others.length > 0) {
    notes.push(
      others.length === 1
        ? `One line of revenue is of a ${others[0]!.for} and not in this margin by ${by}.`
        : `${others.length.toLocaleString('en-US')} lines of revenue are of ${others[0]!.for}s and not in this margin by ${by}.`,
    );
  }
}

export function describeMargin(
  by: RevenueFor,
  total: MarginReport['total'],
  rows: readonly MarginRow[],
): string {
  if (rows.length === 0) return 'No account has revenue or cost in this window.';
  const pays = describeMoney(parseUsd(total.revenue_usd));
  if (total.cost_usd === null) return `Revenue is ${pays}; no call has a known cost.`;
  const margin =
    total.margin_share === null ? '' : `, a margin of ${(total.margin_share * 100).toFixed(1)} %`;
  // Without any revenue "none costs more than it pays" would be a comfort that nothing gives.
  if (rows.every(({ verdict }) => verdict === 'no_revenue')) {
    return `No revenue is known of ${countText(rows.length, by)}, which cost ${describeMoney(parseUsd(total.cost_without_revenue_usd))}.`;
  }
  const head = `Revenue of ${pays} against a cost of ${describeMoney(parseUsd(total.cost_usd))}${margin}.`;
  const number = total.losing_accounts;
  const of = countText(total.accounts, by);
  const who =
    number === 0
      ? ` None of ${of} costs more than it pays.`
      : number === 1
        ? ` 1 of ${of} costs ${describeMoney(parseUsd(total.lost_usd))} more than it pays.`
        : ` ${number.toLocaleString('en-US')} of ${of} cost more than they pay, together ${describeMoney(parseUsd(total.lost_usd))} more.`;
  const without = total.accounts_without_revenue;
  const unpaid =
    without === 0
      ? ''
      : ` ${without.toLocaleString('en-US')} ${without === 1 ? 'has' : 'have'} no revenue and ${without === 1 ? 'costs' : 'cost'} ${describeMoney(parseUsd(total.cost_without_revenue_usd))}.`;
  return `${head}${who}${unpaid}`;
}

function countText(number: number, by: RevenueFor): string {
  return `${number.toLocaleString('en-US')} ${by}${number === 1 ? '' : 's'}`;
}

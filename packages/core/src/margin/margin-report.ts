import type { AnswerBooks } from '../answer/answer-books.js';
import { buildFrame, type Framed } from '../answer/frame.js';
import { noteUnknownValues } from '../answer/note-unknown-values.js';
import type { Dimension } from '../report/query.js';
import { addCosts, addRevenue, addSeats, storedKeys, type Account } from './accounts.js';
import { describeMargin, noteGaps } from './describe-margin.js';
import type { MarginReport, MarginRequest } from './margin.js';
import { byLoss, rowOf } from './margin-rows.js';
import { plansOf, totalOf } from './margin-totals.js';
import type { RevenueFor, RevenueLine } from './revenue.js';

const dimensionOf: Readonly<Record<RevenueFor, Dimension>> = {
  tenant: 'tenant',
  user: 'user',
  plan: 'segment',
};
const mostRows = 100_000;

/**
 * Revenue against cost for each account: who costs more than they pay, by how much, and how much usage
 * what they pay is worth. Revenue counts in the window by time (`proratedRevenue`). The price of a plan
 * is paid by each user who made a call with that plan (tag `segment`), for each calendar month with such
 * a call; an account that has a line of its own pays that instead. Cost is of the calls in the window.
 */
export async function buildMargin(
  books: Pick<AnswerBooks, 'query'>,
  revenue: readonly RevenueLine[],
  request: MarginRequest,
): Promise<Framed<MarginReport>> {
  const { window, filters = [], limit = 100, now, by = standardBy(revenue) } = request;
  const dimension = dimensionOf[by];
  const dimensions: Dimension[] = by === 'plan' ? ['segment'] : [dimension, 'segment'];
  const prices = revenue.filter((line) => line.for === 'plan');
  const [frame, costs, seats] = await Promise.all([
    buildFrame(books, { window, filters, now }),
    books.query({
      measures: ['cost', 'calls', 'unpriced_calls'],
      dimensions,
      window,
      filters,
      limit: mostRows,
    }),
    prices.length === 0
      ? null
      : books.query({
          measures: ['users'],
          dimensions,
          bucket: 'month',
          window,
          filters: [
            ...filters,
            { dimension: 'segment', op: 'in', values: [...new Set(prices.map(({ key }) => key))] },
          ],
          limit: mostRows,
        }),
  ]);
  await noteUnknownValues(books, frame);
  const accounts = new Map<string, Account>();
  const unattributed = addCosts(accounts, costs.rows, dimension, storedKeys(revenue, by));
  addRevenue(accounts, revenue, by, window);
  if (seats !== null)
    addSeats(accounts, seats.rows, dimension, prices, window, storedKeys(revenue, by));
  const isCut = costs.truncated || seats?.truncated === true;
  noteGaps(frame.notes, { revenue, by, cutTo: isCut ? mostRows : null });
  const rows = [...accounts.values()].sort(byLoss).map(rowOf);
  const total = totalOf(rows, unattributed, frame.cost_usd);
  return {
    frame,
    summary: describeMargin(by, total, rows),
    by,
    total,
    plans: plansOf(rows),
    accounts: rows.slice(0, limit),
    truncated: rows.length > limit,
  };
}

function standardBy(revenue: readonly RevenueLine[]): RevenueFor {
  for (const by of ['tenant', 'user'] as const) {
    if (revenue.some((line) => line.for === by)) return by;
  }
  return revenue.length === 0 ? 'tenant' : 'plan';
}

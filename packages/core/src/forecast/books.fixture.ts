import { formatUsd, parseUsd } from '../money.js';
import type { Query, QueryResult, QueryRow } from '../report/query.js';

/** Calls of a feature that began at one moment, and what they cost together. */
export interface BookedCalls {
  at: string;
  feature: string | null;
  usd: string;
  calls?: number;
  unpriced?: number;
}

/** Books that hold these calls, and answer what forecasts ask: sums by day, hour and feature. */
export function booksOf(booked: readonly BookedCalls[]) {
  const asked: Query[] = [];
  const query = async (question: Query): Promise<QueryResult> => {
    asked.push(question);
    const { window, filters = [], dimensions = [], bucket, limit = 1_000 } = question;
    const groups = new Map<
      string,
      { row: QueryRow; cost: bigint; calls: number; unpriced: number }
    >();
    for (const { at, feature, usd, calls = 1, unpriced = 0 } of booked) {
      const inWindow = window === undefined || (at >= window.from && at < window.to);
      const inFilters = filters.every(
        ({ op, values }) => values.includes(feature) === (op === 'in'),
      );
      if (!inWindow || !inFilters) continue;
      const row: QueryRow = {};
      if (dimensions.includes('feature')) row['feature'] = feature;
      if (bucket === 'day') row['bucket'] = `${at.slice(0, 10)}T00:00:00.000Z`;
      if (bucket === 'minute') row['bucket'] = `${at.slice(0, 16)}:00.000Z`;
      if (bucket === 'hour') row['bucket'] = `${at.slice(0, 13)}:00:00.000Z`;
      const key = JSON.stringify(row);
      const group = groups.get(key) ?? { row, cost: 0n, calls: 0, unpriced: 0 };
      groups.set(key, {
        row,
        cost: group.cost + parseUsd(usd),
        calls: group.calls + calls,
        unpriced: group.unpriced + unpriced,
      });
    }
    const rows = [...groups.values()]
      .sort((a, b) => (bucket === undefined ? Number(b.cost - a.cost) : 0))
      .map(({ row, cost, calls, unpriced }) => ({
        ...row,
        cost: formatUsd(cost),
        calls,
        unpriced_calls: unpriced,
      }));
    return { rows: rows.slice(0, limit), truncated: rows.length > limit, from: 'rollup' };
  };
  return { books: { query }, asked };
}

/** What `usd(day)` says of every day from `from` on until before `to` (dates), in calls at four hours of it. */
export function everyDay(
  from: string,
  to: string,
  feature: string | null,
  usd: (day: number, weekday: number) => number,
): BookedCalls[] {
  const booked: BookedCalls[] = [];
  const first = Date.parse(from);
  for (let at = first; at < Date.parse(to); at += 86_400_000) {
    const amount = usd((at - first) / 86_400_000, (Math.floor(at / 86_400_000) + 3) % 7);
    if (amount <= 0) continue;
    for (const hour of [3, 9, 15, 21]) {
      const moment = new Date(at + hour * 3_600_000).toISOString();
      booked.push({ at: moment, feature, usd: (amount / 4).toFixed(6) });
    }
  }
  return booked;
}

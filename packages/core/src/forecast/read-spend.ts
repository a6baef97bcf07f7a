import type { AnswerBooks } from '../answer/index.js';
import { groupKey } from '../report/group-key.js';
import type { Dimension, Filter, Query, QueryRow } from '../report/query.js';
import { dayMilliseconds, hourMilliseconds, iso, startOfDay } from './calendar.js';
import { dailySpend, noSpend, spendBeside, type DailySpend, type Days } from './daily-spend.js';

/** Of the hours of so many days the pattern of a day is taken. */
const profileDays = 28;
const standardGroups = 20;
const mostRows = 100_000;
/** More values would be no filter, but a list. */
const mostFiltered = 1_000;

type Books = Pick<AnswerBooks, 'query'>;

/** Which calls a forecast is about. */
export interface SpendQuestion {
  now: string;
  by: Dimension[];
  filters?: Filter[];
  limit?: number;
}

export interface GroupSpend {
  /** Null for all that are not among the groups asked for. */
  group: Record<string, string | null> | null;
  spend: DailySpend;
}

/** What the books say of each day: of all calls, and of the groups that took most. */
export async function readSpend(
  books: Books,
  { now, by, filters = [], limit = standardGroups }: SpendQuestion,
  days: Days,
): Promise<{ total: DailySpend; groups: GroupSpend[]; truncated: boolean }> {
  const window = { from: iso(days.first), to: now };
  if (!(window.from < window.to)) return { total: noSpend(days), groups: [], truncated: false };
  const query: Query = {
    measures: ['cost', 'calls', 'unpriced_calls'],
    window,
    filters,
    limit: mostRows,
  };
  const byDay: Query = { ...query, bucket: 'day' };
  if (by.length === 0) {
    const { rows } = await books.query(byDay);
    return { total: only(dailySpend(rows, [], days), days), groups: [], truncated: false };
  }
  const [all, ranking] = await Promise.all([
    books.query(byDay),
    books.query({ ...query, dimensions: by, limit }),
  ]);
  const total = only(dailySpend(all.rows, [], days), days);
  // Where rows would be cut off, the oldest days are.
  const { rows } = await books.query({
    ...byDay,
    dimensions: by,
    filters: [...filters, ...among(ranking.rows, by)],
    order: [{ by: 'bucket', direction: 'desc' }],
  });
  const spends = dailySpend(rows, by, days);
  const groups = ranking.rows.map((row): GroupSpend => ({
    group: Object.fromEntries(by.map((name) => [name, (row[name] ?? null) as string | null])),
    spend: spends.get(groupKey(row, by)) ?? noSpend(days),
  }));
  const rest = spendBeside(
    total,
    groups.map(({ spend }) => spend),
  );
  if (rest.usd.some((usd) => usd !== 0n)) groups.push({ group: null, spend: rest });
  return { total, groups, truncated: ranking.truncated };
}

function only(spends: Map<string, DailySpend>, days: Days): DailySpend {
  return spends.values().next().value ?? noSpend(days);
}

/** Asks for the groups' values alone, dimension by dimension. */
function among(rows: readonly QueryRow[], by: readonly Dimension[]): Filter[] {
  return by.flatMap((dimension): Filter[] => {
    const values = [...new Set(rows.map((row) => (row[dimension] ?? null) as string | null))];
    return values.length > mostFiltered ? [] : [{ dimension, op: 'in', values }];
  });
}

/** What the hours of the last weeks took, today left out. */
export async function readHours(
  books: Books,
  { now, filters = [] }: SpendQuestion,
): Promise<QueryRow[]> {
  const today = startOfDay(Date.parse(now));
  const window = {
    from: iso(today - profileDays * dayMilliseconds),
    to: iso(today),
  };
  const limit = (profileDays * dayMilliseconds) / hourMilliseconds;
  const query: Query = { measures: ['cost'], window, filters, bucket: 'hour', limit };
  return (await books.query(query)).rows;
}

/** The minute of the first call between two moments; null where there is none. */
export async function firstMinute(
  books: Books,
  filters: Filter[],
  from: number,
  to: number,
): Promise<number | null> {
  if (to <= from) return null;
  const { rows } = await books.query({
    measures: ['calls'],
    filters,
    window: { from: iso(from), to: iso(to) },
    bucket: 'minute',
    order: [{ by: 'bucket', direction: 'asc' }],
    limit: 1,
  });
  const [first] = rows;
  return first === undefined ? null : Date.parse(String(first['bucket']));
}

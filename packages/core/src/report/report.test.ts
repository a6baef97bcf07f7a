import { expect, test } from 'vitest';
import { formatUsd, parseUsd } from '../money.js';
import { shortenBucket } from './bucket-name.js';
import { addsUp, unitOf } from './measure-units.js';
import { askApart } from './ask-apart.js';
import { restOf, sumsFor } from './other-row.js';
import { measures, type Query, type QueryResult, type QueryRow } from './query.js';
import { buildReport } from './report.js';

/** A store that holds these rows already summed, and gives the measures that it is asked for. */
const storeOf =
  (rows: QueryRow[]) =>
  async (query: Query): Promise<QueryResult> => ({
    rows: rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).filter(([name]) =>
          [...query.measures, ...(query.dimensions ?? [])].includes(name as never),
        ),
      ),
    ),
    truncated: false,
    from: 'calls',
  });

const now = '2026-03-09T00:00:00.000Z';

const repriced = {
  source: 'reprice',
  cost: '-0.2265',
  calls: 0,
  adjustments: 35,
  cost_average: '-0.006472',
};

test('adjusting entries alone have a cost and no average per call', async () => {
  const report = await buildReport({ query: storeOf([repriced]) }, { now, by: ['source'] });
  expect(report.rows).toMatchObject([{ cost: '-0.2265', calls: 0, cost_average: null }]);
  expect(report.totals).toMatchObject({ adjustments: 35, cost_average: null });
});

test('neither when the number of calls is not asked for, which then stays out of the rows', async () => {
  const report = await buildReport(
    { query: storeOf([repriced]) },
    { now, by: ['source'], measures: ['cost_average'] },
  );
  expect(report.query.measures).toEqual(['cost_average', 'cost']);
  expect(report.rows).toEqual([
    { source: 'reprice', cost: '-0.2265', cost_average: null, cost_share: 1 },
  ]);
});

test('calls keep theirs', async () => {
  const called = { ...repriced, source: 'gateway', calls: 2, cost: '3', cost_average: '1.5' };
  const report = await buildReport({ query: storeOf([called]) }, { now, by: ['source'] });
  expect(report.rows).toMatchObject([{ cost_average: '1.5', cost_share: 1 }]);
});

/** What stands in the store where somebody only said how runs ended. */
const outcomes = { source: null, cost: '0', calls: 0, runs: 0, adjustments: 0, cost_average: null };
const gateway = { source: 'gateway', cost: '3', calls: 2, runs: 1, adjustments: 0 };

test('a group without any call or cost is no row, and the totals stay', async () => {
  const ledger = async (query: Query) =>
    storeOf(query.dimensions === undefined ? [{ ...gateway }] : [gateway, outcomes])(query);
  const report = await buildReport({ query: ledger }, { now, by: ['source'] });
  expect(report.rows).toMatchObject([{ source: 'gateway', cost: '3', calls: 2, cost_share: 1 }]);
  expect(report.totals).toMatchObject({ cost: '3', calls: 2 });
  const alone = await buildReport({ query: storeOf([outcomes]) }, { now, by: ['source'] });
  expect(alone.rows).toEqual([]);
});

test.each([
  ['a count that is asked for', { ...outcomes, runs: 2 }, ['cost', 'runs'] as const],
  ['adjusting entries', { ...outcomes, adjustments: 2 }, ['cost', 'adjustments'] as const],
  ['calls without a price', { ...outcomes, calls: 1, cost: null }, ['cost'] as const],
  ['money back', { ...outcomes, cost: '-1' }, ['calls'] as const],
])('it is one where it has something to say: %s', async (_what, row, measures) => {
  const request = { now, by: ['source' as const], measures: [...measures] };
  expect((await buildReport({ query: storeOf([row]) }, request)).rows).toHaveLength(1);
  const unasked = { now, by: ['source' as const], measures: ['errors' as const] };
  const silent = Number(row.calls) === 0 && row.cost === '0';
  expect((await buildReport({ query: storeOf([row]) }, unasked)).rows).toHaveLength(silent ? 0 : 1);
});

test('all calls together are a row, also when there are none', async () => {
  const nothing = { cost: '0', calls: 0 };
  const report = await buildReport({ query: storeOf([nothing]) }, { now, by: [] });
  expect(report.rows).toHaveLength(1);
});

/** What was spent on a day in March 2026. */
const spend = (day: number, feature: string, usd: string): QueryRow => ({ day, feature, usd });

const window = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' };
const ledger = [
  spend(1, 'search', '4'),
  spend(1, 'old', '1'),
  spend(2, 'search', '6'),
  spend(2, 'chat', '3'),
  spend(2, 'mail', '2'),
  spend(2, 'other', '0.5'),
];

/** Sums costs and counts by feature, with windows of whole days and filters on the feature. */
const query = async (asked: Query): Promise<QueryResult> => {
  const features = new Map<string, QueryRow>();
  for (const { day, feature, usd } of ledger) {
    const at = `2026-03-0${day}T00:00:00.000Z`;
    if (asked.window !== undefined && (at < asked.window.from || at >= asked.window.to)) continue;
    const passes = (asked.filters ?? []).every(
      ({ op, values }) => values.includes(String(feature)) === (op === 'in'),
    );
    if (!passes) continue;
    const name = asked.dimensions?.length === 0 || !asked.dimensions ? '' : String(feature);
    const row = features.get(name) ?? { cost: '0', cost_of_calls: '0', calls: 0, priced_calls: 0 };
    row['cost'] = formatUsd(parseUsd(String(row['cost'])) + parseUsd(String(usd)));
    row['cost_of_calls'] = row['cost']!;
    row['calls'] = row['priced_calls'] = Number(row['calls']) + 1;
    if (name !== '') row['feature'] = name;
    features.set(name, row);
  }
  const rows = [...features.values()].sort((a, b) => Number(b['cost']) - Number(a['cost']));
  const limited = rows.slice(0, asked.limit ?? 1000);
  return { rows: limited, truncated: limited.length < rows.length, from: 'calls' };
};

test('beside the window before: what is new, what is gone, and by how much each figure moved', async () => {
  const report = await buildReport(
    { query },
    { by: ['feature'], measures: ['cost', 'calls'], window, compare: 'previous', now },
  );
  const { comparison } = report;
  expect(comparison?.window).toEqual({ from: '2026-03-01T00:00:00.000Z', to: window.from });
  const byName = Object.fromEntries(
    report.rows.map((row, index) => [row['feature'], comparison!.rows[index]]),
  );
  expect(byName['search']).toEqual({
    status: 'kept',
    measures: {
      cost: { before: '4', change: '2', share: 0.5 },
      calls: { before: 1, change: 0, share: 0 },
    },
  });
  expect(byName['chat']).toMatchObject({
    status: 'new',
    measures: { cost: { before: '0', change: '3', share: null } },
  });
  expect(byName['old']).toMatchObject({
    status: 'gone',
    measures: { cost: { before: '1', change: '-1', share: -1 } },
  });
  expect(report.rows.at(-1)).toMatchObject({ feature: 'old', cost: '0', calls: 0 });
  expect(comparison?.totals['cost']).toEqual({ before: '5', change: '6.5', share: 1.3 });
  expect(report.summary).toContain('$11.50 for 4 calls; +$6.50 (+130 %)');
});

test.each([1, 2, 3, 9])('the top %i and all others add up to the total', async (top) => {
  const report = await buildReport({ query }, { by: ['feature'], window, top, now });
  expect(report.rows).toHaveLength(Math.min(top, 4));
  const cost = [...report.rows, ...report.other].reduce(
    (sum, row) => sum + parseUsd(String(row['cost'])),
    0n,
  );
  expect(formatUsd(cost)).toBe(report.totals['cost']);
  expect(report.truncated).toBe(false);
});

test('all others are compared with all others of the window before', async () => {
  const { comparison } = await buildReport(
    { query },
    { by: ['feature'], measures: ['cost'], window, compare: 'previous', top: 1, now },
  );
  expect(comparison?.rows).toHaveLength(1);
  expect(comparison?.other).toEqual({ cost: { before: '1', change: '4.5', share: 4.5 } });
});

test('the rest is what is left: sums, what follows from them, and no figure that does not', () => {
  const totals = {
    cost: '10',
    cost_of_calls: '10',
    calls: 5,
    priced_calls: 5,
    errors: 3,
    users: 4,
  };
  const rows = [
    { cost: '4.5', cost_of_calls: '4.5', calls: 2, priced_calls: 1, errors: 0, users: 2 },
  ];
  const wanted = ['cost', 'calls', 'cost_average', 'error_rate', 'cost_p95', 'users'] as const;
  expect(sumsFor(wanted)).toContain('priced_calls');
  expect(restOf(totals, rows, wanted)).toEqual({
    cost: '5.5',
    calls: 3,
    cost_average: '1.375',
    error_rate: 1,
    cost_p95: null,
    users: null,
  });
});

test('a rest of calls without a price has no cost, which is not nothing', () => {
  const totals = { cost: '3', calls: 5, priced_calls: 2, unpriced_calls: 3 };
  const rows = [{ cost: '3', calls: 2, priced_calls: 2, unpriced_calls: 0 }];
  expect(restOf(totals, rows, ['cost', 'calls'])).toEqual({ cost: null, calls: 3 });
});

test('sums are asked apart from percentiles, and stand in one row with them', async () => {
  const asked: Query[] = [];
  const apart = async (question: Query): Promise<QueryResult> => {
    asked.push(question);
    const row = { cost: '3', calls: 2, cost_p95: '2' };
    const known = Object.entries(row).filter(([name]) => question.measures.includes(name as never));
    return { rows: [Object.fromEntries(known)], truncated: false, from: 'rollup' };
  };
  const query: Query = { measures: ['cost', 'cost_p95', 'calls'] };
  expect((await askApart(apart, query)).rows).toEqual([{ cost: '3', cost_p95: '2', calls: 2 }]);
  expect(asked.map((question) => question.measures)).toEqual([['cost', 'calls'], ['cost_p95']]);
  // Where a percentile orders the rows, it is one question.
  expect(await askApart(apart, { measures: ['cost_p95', 'cost'] })).toBeDefined();
  expect(asked).toHaveLength(3);
});

test('what cannot be compared is refused with the fix', async () => {
  const compare = 'previous' as const;
  await expect(buildReport({ query }, { by: [], compare, now })).rejects.toThrow('Add `since`');
  await expect(
    buildReport({ query }, { by: [], compare, window, bucket: 'week', now }),
  ).rejects.toThrow('smaller bucket');
  await expect(buildReport({ query }, { by: [], top: 3, window, now })).rejects.toThrow('`by`');
});

test('an empty window says so, in words and without a figure that is none', async () => {
  const empty = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
  const report = await buildReport(
    { query },
    { by: ['feature'], window: empty, compare: 'previous', top: 3, now },
  );
  expect(report.rows).toEqual([]);
  expect(report.frame.notes).toHaveLength(1);
  expect(report.summary).toContain('No calls in this window');
  expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
});

test('buckets can be named by the beginning of their time', () => {
  const start = '2024-03-15T14:00:00.000Z';
  expect(shortenBucket(start, 'hour')).toBe('2024-03-15T14');
  expect(shortenBucket(start, 'minute')).toBe('2024-03-15T14:00');
  expect(shortenBucket('2024-03-11T00:00:00.000Z', 'week')).toBe('2024-03-11');
  expect(shortenBucket('2024-03-01T00:00:00.000Z', 'month')).toBe('2024-03');
});

test('every measure has a unit, and what does not add up says so', () => {
  expect(measures.filter((name) => unitOf(name) === 'usd')).toContain('cost_per_session');
  expect(measures.filter((name) => !addsUp(name))).toEqual(
    expect.arrayContaining(['cost_p99', 'cost_average', 'users', 'cache_hit_ratio', 'cost_max']),
  );
  expect(addsUp('retries_cost') && addsUp('calls') && addsUp('prompt_user')).toBe(true);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, parseUsd } from '../money.js';
import { booksOf, everyDay } from './books.fixture.js';
import type { ForecastAmounts } from './amounts.js';
import { buildForecast } from './month-forecast.js';

const now = '2026-03-11T00:00:00.000Z';
const steady = everyDay('2025-12-01', '2026-03-11', 'search', () => 10);
const forecastOf = (booked = steady, changes: object = {}) =>
  buildForecast(booksOf(booked).books, { now, by: ['feature'], ...changes });
const sum = (amounts: (string | null)[]) =>
  formatUsd(amounts.reduce((total, amount) => total + parseUsd(amount ?? '0'), 0n));

describe('the month at its end', () => {
  test('is what is spent, exactly, and what is to come', async () => {
    const { total, rows, summary, month, window } = await forecastOf();
    expect(month).toBe('2026-03');
    expect(window).toEqual({ from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' });
    expect(total).toMatchObject({
      spent_usd: '100',
      forecast_usd: '310',
      before_usd: '280',
      run_rate_usd: '310',
      basis: 'pattern',
      needs_days: 0,
    });
    expect(total.change).toBeCloseTo(0.1071, 4);
    expect(Number(total.interval_80!.low_usd)).toBeGreaterThan(250);
    expect(Number(total.interval_95!.high_usd)).toBeLessThan(500);
    expect(rows).toHaveLength(1);
    expect(summary).toMatch(
      /^March 2026 will take about \$310(?:\.00)? \(80 %: .*\), of which \$100(?:\.00)? is spent, 11 % more than the month before\.$/,
    );
  });

  test('asks for days and hours, which roll-ups know, and for little of them', async () => {
    const { books, asked } = booksOf(steady);
    await buildForecast(books, { now, by: ['feature'] });
    expect(asked.map(({ bucket }) => bucket ?? null).sort()).toEqual(['day', 'day', 'hour', null]);
    for (const { window } of asked) expect(window!.to <= now).toBe(true);
  });

  test('knows what of today is over', async () => {
    const noon = '2026-03-11T12:00:00.000Z';
    const { total } = await forecastOf(
      everyDay('2025-12-01', '2026-03-12', 'search', () => 10),
      { now: noon },
    );
    expect(total).toMatchObject({ spent_usd: '105', forecast_usd: '310' });
  });

  test('that is over is what it took; one that has not begun is all forecast', async () => {
    const over = await forecastOf(steady, { month: '2026-02' });
    expect(over.total).toMatchObject({ spent_usd: '280', forecast_usd: '280', basis: 'over' });
    expect(over.total.interval_95).toEqual({ low_usd: '280', high_usd: '280' });
    expect(over.summary).toMatch(
      /^February 2026 is over: it took \$280(?:\.00)?, 10 % less than the month before\.$/,
    );
    const next = await forecastOf(steady, { month: '2026-04' });
    expect(next.total).toMatchObject({ spent_usd: '0', forecast_usd: '300', before_usd: null });
  });
});

describe('little data', () => {
  test('a month before that the books know in part is nothing to compare with, and that is said', async () => {
    const { total, rows, summary, before_begins } = await forecastOf(
      everyDay('2026-02-20', '2026-03-11', 'search', () => 10),
    );
    expect(total).toMatchObject({ before_usd: '90', change: null });
    expect(rows[0]).toMatchObject({ before_usd: '90', change: null });
    expect(before_begins).toBe('2026-02-20T00:00:00.000Z');
    expect(summary).toMatch(/is spent\. .*The first call is of 20 February/);
    expect(summary).not.toContain('than the month before');
  });

  test('gives a run-rate with a wide interval, and says what it needs', async () => {
    const { total, summary } = await forecastOf(
      everyDay('2026-03-08', '2026-03-11', null, () => 10),
    );
    expect(total).toMatchObject({ basis: 'run_rate', days: 3, needs_days: 4 });
    expect(Number(total.forecast_usd)).toBeCloseTo(240, -1);
    expect(Number(total.interval_80!.high_usd)).toBeGreaterThan(400);
    expect(summary).toContain('a pattern needs 4 whole days more');
  });

  test('of a few minutes counts from the first call on', async () => {
    const evening = '2026-03-10T20:00:00.000Z';
    const booked = [{ at: '2026-03-10T19:30:00.000Z', feature: null, usd: '1' }];
    const { total } = await forecastOf(booked, { now: evening });
    // Two dollars an hour for 21 days and four hours.
    expect(Number(total.forecast_usd)).toBeCloseTo(1 + 2 * (21 * 24 + 4), -1);
    expect(total).toMatchObject({ basis: 'run_rate', days: 0, needs_days: 7 });
  });

  test('of nothing at all, or without prices, gives no figure and says why', async () => {
    for (const booked of [[], [{ at: '2027-01-01T00:00:00.000Z', feature: 'a', usd: '1' }]]) {
      const { total, rows, summary } = await forecastOf(booked);
      expect(total).toMatchObject({ spent_usd: '0', forecast_usd: null, interval_80: null });
      expect(rows).toEqual([]);
      expect(summary).toContain('no call with a known cost');
    }
    const unpriced = [
      { at: '2026-03-09T00:00:00.000Z', feature: 'a', usd: '0', calls: 7, unpriced: 7 },
    ];
    expect((await forecastOf(unpriced)).total.forecast_usd).toBeNull();
  });
});

describe('features', () => {
  const several = [
    ...everyDay('2025-12-01', '2026-03-11', 'chat', (day) => 20 + (day % 5)),
    ...everyDay('2025-12-01', '2026-03-11', 'search', (_, weekday) => (weekday < 5 ? 7 : 1)),
    ...everyDay('2025-12-01', '2026-03-01', 'import', () => 30),
    ...everyDay('2026-03-06', '2026-03-11', 'agent', () => 50),
  ];

  test('that stopped stay where they are, and new ones count from their first day', async () => {
    const { rows } = await forecastOf(several);
    const row = (feature: string) => rows.find(({ group }) => group['feature'] === feature)!;
    expect(row('import')).toMatchObject({ basis: 'stopped', spent_usd: '0', forecast_usd: '0' });
    expect(Number(row('import').interval_95!.high_usd)).toBeGreaterThan(400);
    expect(row('agent')).toMatchObject({ basis: 'run_rate', days: 4, needs_days: 3 });
    expect(Number(row('agent').forecast_usd)).toBeGreaterThan(900);
    expect(rows[0]!.group).toEqual({ feature: 'agent' });
  });

  test('add up to the total, exactly, however many are shown', async () => {
    for (const limit of [1, 2, 20]) {
      const { total, rows, other } = await forecastOf(several, { limit });
      const all: ForecastAmounts[] = [...rows, ...(other === null ? [] : [other])];
      expect(sum(all.map((row) => row.forecast_usd))).toBe(total.forecast_usd);
      expect(sum(all.map((row) => row.spent_usd))).toBe(total.spent_usd);
      expect(other === null).toBe(limit === 20);
    }
  });

  test('do not change the total, and its interval is narrower than the sum of theirs', async () => {
    const whole = await forecastOf(several, { by: [] });
    const parted = await forecastOf(several);
    expect(parted.total).toEqual(whole.total);
    const width = ({ interval_80: interval }: ForecastAmounts) =>
      Number(interval!.high_usd) - Number(interval!.low_usd);
    const together = parted.rows.reduce((all, row) => all + width(row), 0);
    expect(width(parted.total)).toBeLessThan(together);
  });

  test('that are asked for by a filter have a forecast of their own', async () => {
    const filters = [{ dimension: 'feature' as const, op: 'in' as const, values: ['chat'] }];
    const { total, rows } = await forecastOf(several, { filters });
    expect(rows.map(({ group }) => group)).toEqual([{ feature: 'chat' }]);
    expect(total.forecast_usd).toBe(rows[0]!.forecast_usd);
  });

  test('keep all of this whatever was spent', async () => {
    const feature = fc.record({
      from: fc.nat(90),
      length: fc.integer({ min: 1, max: 90 }),
      usd: fc.double({ min: 0.00001, max: 10_000, noNaN: true }),
      every: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(feature, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 23 }),
        async (features, hour) => {
          const booked = features.flatMap(({ from, length, usd, every }, index) =>
            everyDay('2025-12-15', '2026-03-11', `f${index}`, (day) =>
              day >= from && day < from + length && day % every === 0 ? usd : 0,
            ),
          );
          const moment = new Date(Date.parse('2026-03-10') + hour * 3_600_000).toISOString();
          const { total, rows, other } = await forecastOf(booked, { now: moment, limit: 3 });
          const all: ForecastAmounts[] = [...rows, ...(other === null ? [] : [other])];
          if (total.forecast_usd === null) return;
          expect(sum(all.map((row) => row.forecast_usd))).toBe(total.forecast_usd);
          for (const row of [total, ...all]) {
            if (row.forecast_usd === null) continue;
            const bounds = [
              row.interval_95!.low_usd,
              row.interval_80!.low_usd,
              row.forecast_usd,
              row.interval_80!.high_usd,
              row.interval_95!.high_usd,
            ].map(Number);
            expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
            expect(Number.isFinite(bounds.at(-1))).toBe(true);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the points of a chart', () => {
  test('go from four weeks ago to the end of the month', async () => {
    const { points, total } = await forecastOf();
    expect(points[0]).toEqual({
      at: '2026-02-11T00:00:00.000Z',
      actual_usd: '10',
      expected_usd: null,
      month_to_date: null,
    });
    expect(points.at(-1)).toMatchObject({ at: '2026-03-31T00:00:00.000Z', actual_usd: null });
    expect(points.at(-1)!.month_to_date!.expected_usd).toBe(total.forecast_usd);
    expect(points.at(-1)!.month_to_date!.interval_80).toEqual(total.interval_80);
    const today = points.find(({ at }) => at === now)!;
    expect(today).toMatchObject({ actual_usd: '0', expected_usd: '10' });
  });

  test('of a month that is over are its days; of one to come they lead there', async () => {
    const over = await forecastOf(steady, { month: '2026-02' });
    expect(over.points).toHaveLength(28);
    expect(over.points.at(-1)!.month_to_date!.expected_usd).toBe('280');
    const next = await forecastOf(steady, { month: '2026-04' });
    expect(next.points.filter((point) => point.month_to_date !== null)).toHaveLength(30);
    expect(next.points.at(-1)!.month_to_date!.expected_usd).toBe('300');
  });
});

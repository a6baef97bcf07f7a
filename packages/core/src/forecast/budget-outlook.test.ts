import { describe, expect, test } from 'vitest';
import type { Query, QueryRow } from '../report/query.js';
import { booksOf, everyDay } from './books.fixture.js';
import { buildBudgetOutlooks, type BudgetToForecast } from './budget-outlook.js';

const now = '2026-03-11T00:00:00.000Z';
const monthEnds = '2026-04-01T00:00:00.000Z';
/** Ten dollars a day from both; the store knows where calls come from, the fixture need not. */
const booked = [
  ...everyDay('2025-12-01', '2026-03-11', 'search', () => 10),
  ...everyDay('2026-02-01', '2026-03-11', 'chat', () => 1),
];

function booksOfGateway(all = booked) {
  const { books, asked } = booksOf(all);
  const query = async (question: Query) => {
    const filters = question.filters!.filter(({ dimension }) => dimension !== 'source');
    const { rows, ...rest } = await books.query({ ...question, filters });
    const withTokens = rows.map((row): QueryRow => ({
      ...row,
      tokens_input: 90,
      tokens_output: 10,
    }));
    return { ...rest, rows: withTokens };
  };
  return { books: { query }, asked };
}

const budgetOf = (changes: Partial<BudgetToForecast> & { spent?: string; limit?: string } = {}) => {
  const { spent = '110', limit = '200', ...rest } = changes;
  return {
    name: 'all',
    scope: {},
    window: 'month',
    resets_at: monthEnds,
    paused: false,
    accounts: [
      { scope: {}, measure: 'usd' as const, limit, spent, held: '0', ratio: +spent / +limit },
    ],
    ...rest,
  };
};
const outlookOf = async (budget: BudgetToForecast, all = booked) =>
  (await buildBudgetOutlooks(booksOfGateway(all).books, [budget], now))[0]!;

describe('where a budget is going', () => {
  test('runs out before its window ends: when, between when, and how long before', async () => {
    const outlook = await outlookOf(budgetOf());
    // $90 are left, and $11 a day are taken.
    expect(outlook).toMatchObject({ outlook: 'runs_out', basis: 'pattern' });
    expect(outlook.runs_out_at!.slice(0, 10)).toBe('2026-03-19');
    expect(outlook.runs_out_80!.earliest! < outlook.runs_out_at!).toBe(true);
    expect(outlook.runs_out_80!.latest! > outlook.runs_out_at!).toBe(true);
    expect(outlook.before_reset_ms! / 86_400_000).toBeCloseTo(12.8, 0);
    expect(Number(outlook.at_reset)).toBeCloseTo(341, -1);
    expect(outlook.summary).toMatch(
      /^all is expected to be used up on 2026-03-19 .* \(80 %: .*\), 13 days before it resets\.$/,
    );
  });

  test('lasts, or only may run out', async () => {
    const wide = await outlookOf(budgetOf({ limit: '1000' }));
    expect(wide).toMatchObject({ outlook: 'lasts', runs_out_at: null, before_reset_ms: null });
    expect(wide.summary).toMatch(/^all lasts until it resets on 2026-04-01 00:00 UTC, at \$3\d\d/);
    const near = await outlookOf(budgetOf({ limit: '360' }));
    expect(near).toMatchObject({ outlook: 'may_run_out', runs_out_at: null });
    expect(near.runs_out_80!.earliest).not.toBeNull();
  });

  test('is used up already', async () => {
    const outlook = await outlookOf(budgetOf({ spent: '200' }));
    expect(outlook).toMatchObject({ outlook: 'used_up', basis: 'nothing' });
    expect(outlook.summary).toBe('all is used up until it resets on 2026-04-01 00:00 UTC.');
  });

  test('without an end goes on for three months', async () => {
    const total = { window: 'total', resets_at: null };
    const tight = await outlookOf(budgetOf({ ...total }));
    expect(tight).toMatchObject({ outlook: 'runs_out', before_reset_ms: null, at_reset: null });
    expect(await outlookOf(budgetOf({ ...total, limit: '1000000' }))).toMatchObject({
      outlook: 'lasts',
    });
  });

  test('by day is seen in hours, and by an hour in its last minutes', async () => {
    const day = { window: 'day', resets_at: '2026-03-12T00:00:00.000Z', spent: '1' };
    expect(await outlookOf(budgetOf({ ...day, limit: '6' }))).toMatchObject({
      outlook: 'runs_out',
    });
    expect(await outlookOf(budgetOf({ ...day, limit: '90' }))).toMatchObject({ outlook: 'lasts' });
    const hour = { window: 'hour', resets_at: '2026-03-11T01:00:00.000Z', spent: '1' };
    const lately = [{ at: '2026-03-10T23:50:00.000Z', feature: 'search', usd: '3' }];
    const outlook = await outlookOf(budgetOf({ ...hour, limit: '4' }), lately);
    expect(outlook).toMatchObject({
      basis: 'pace',
      runs_out_at: '2026-03-11T00:15:00.000Z',
      before_reset_ms: 45 * 60_000,
      at_reset: '13',
    });
    expect(await outlookOf(budgetOf({ ...hour, limit: '40' }), lately)).toMatchObject({
      outlook: 'lasts',
      at_reset: '13',
    });
  });

  test('of a rolling window is full only where more comes than it forgets', async () => {
    const rolling = { window: 'rolling week', resets_at: '2026-03-11T02:48:00.000Z', spent: '77' };
    expect(await outlookOf(budgetOf({ ...rolling, limit: '200' }))).toMatchObject({
      outlook: 'lasts',
      before_reset_ms: null,
    });
    const growing = everyDay('2025-12-01', '2026-03-11', 'search', (day) => (day < 94 ? 5 : 40));
    expect(
      await outlookOf(budgetOf({ ...rolling, spent: '245', limit: '260' }), growing),
    ).toMatchObject({ outlook: 'runs_out' });
  });

  test('for each of its own is asked for all at once, and told apart', async () => {
    const { books, asked } = booksOfGateway();
    const each = budgetOf({
      scope: { feature: '*' },
      accounts: ['search', 'chat'].map((feature) => ({
        scope: { feature },
        measure: 'usd' as const,
        limit: '200',
        spent: '110',
        held: '0',
        ratio: 0.55,
      })),
    });
    const [search, chat] = await buildBudgetOutlooks(books, [each], now);
    expect([search!.outlook, chat!.outlook]).toEqual(['runs_out', 'lasts']);
    expect(search!.summary).toContain('all (feature search)');
    expect(asked).toHaveLength(1);
  });

  test('of tokens and calls is whole', async () => {
    const calls = budgetOf({
      accounts: [
        { scope: {}, measure: 'calls', limit: '500', spent: '88', held: '0', ratio: 0.176 },
      ],
    });
    const outlook = await outlookOf(calls);
    expect(outlook.outlook).toBe('lasts');
    expect(Number(outlook.at_reset)).toBeGreaterThan(200);
    expect(outlook.summary).toMatch(/at 2\d\d calls/);
  });

  test('of books that are minutes old goes by those minutes', async () => {
    const day = { window: 'day', resets_at: '2026-03-11T00:00:00.000Z' };
    const budget = budgetOf({ ...day, spent: '1', limit: '4' });
    const young = [{ at: '2026-03-10T19:40:00.000Z', feature: 'search', usd: '1' }];
    const [outlook] = await buildBudgetOutlooks(
      booksOfGateway(young).books,
      [budget],
      '2026-03-10T19:50:00.000Z',
    );
    // Six dollars an hour: half an hour for the three that are left.
    expect(outlook).toMatchObject({ outlook: 'runs_out', basis: 'run_rate' });
    expect(outlook!.runs_out_at!.slice(0, 15)).toBe('2026-03-10T20:2');
  });

  test('says where nothing can be said', async () => {
    expect(await outlookOf(budgetOf(), [])).toMatchObject({ outlook: 'unknown', basis: 'nothing' });
    const minute = await outlookOf(budgetOf({ window: 'minute' }));
    expect(minute.summary).toContain('over before anything could be said');
  });
});
